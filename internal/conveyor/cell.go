package conveyor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/cells"
	"isac/internal/natsbus"
)

// cell returns what the full draft of a case may say of its member's cell. Which cell
// that is, and whether one is named at all, is decided with the first draft and kept:
// no draft, correction or new version of the report draws again or names another.
func (v *Conveyor) cell(ctx context.Context, f *caseFile, member string) (string, error) {
	kept, err := v.keptCell(ctx, f)
	if hub.KindOf(err) == hub.NotFound {
		kept, err = v.decideCell(ctx, f, member)
	}
	if err != nil {
		return "", &hub.Error{Kind: hub.Unavailable, Text: "error.unavailable", Err: err}
	}
	if kept == "" || kept != v.Roster.CellOf(member, v.Profile) {
		return "", nil
	}
	return kept, nil
}

// keptSize is the length of every decision that is kept, in bytes: how long it is
// tells nothing.
const keptSize = 1024

func cellSubject(f *caseFile) string { return "vault." + f.id + ".cell" }

// decideCell draws for a case and keeps what came out, unless somebody was faster.
func (v *Conveyor) decideCell(ctx context.Context, f *caseFile, member string) (string, error) {
	chosen, err := cells.Chosen(v.Random)
	if err != nil {
		return "", err
	}
	cell := v.Roster.CellOf(member, v.Profile)
	if !chosen || len(cell) > keptSize {
		cell = ""
	}
	sealed, err := f.key.Seal(append([]byte(cell), make([]byte, keptSize-len(cell))...))
	if err != nil {
		return "", err
	}
	_, err = v.Bus.Append(ctx, cellSubject(f), 0, nil, sealed)
	if hub.KindOf(err) == hub.Conflict {
		return v.keptCell(ctx, f)
	}
	return cell, err
}

func (v *Conveyor) keptCell(ctx context.Context, f *caseFile) (string, error) {
	m, err := v.Bus.Last(ctx, natsbus.Vault, cellSubject(f))
	if err != nil {
		return "", err
	}
	kept, err := f.key.Open(m.Data)
	if err != nil {
		return "", errors.New("reading the cell of a case: malformed")
	}
	return string(bytes.TrimRight(kept, "\x00")), nil
}

// lapsed reports whether the draft of a stage names a cell that may no longer be told:
// members have left or changed since, or it isn't theirs any more.
func (v *Conveyor) lapsed(f *caseFile, s hub.Stage) bool {
	d, _ := f.fold.Draft(s)
	var b anonymize.Body
	if json.Unmarshal(d.Bytes, &b) != nil {
		return false // Decode refuses it
	}
	for _, fact := range b.Facts {
		if fact.Class == hub.Cell {
			return fact.Value != v.Roster.CellOf(f.fold.Member(), v.Profile)
		}
	}
	return false
}

// withoutCell makes the drafts anew when the cell in one has lapsed; the reporter is
// asked for consent to what is left.
func (v *Conveyor) withoutCell(ctx context.Context, f *caseFile) error {
	have, err := v.findings(ctx, f)
	if err != nil {
		return err
	}
	return v.redraft(ctx, f, have.Answers)
}
