package conveyor

import (
	"context"
	"encoding/json"
	"fmt"

	"isac/hub/anonymize"
	"isac/hub/review"
)

// A mark is a value that may have been made for one victim. It goes out when two
// members of different operators have it in reports that people approved. The hub
// keeps of each mark two links under keyed names, each with the keyed name of an
// operator: nothing of the value, nor whose it is, can be read from them, and they
// end with the links' age.
//
// Nobody is told before the alert is out that somebody else had a mark: drafts,
// views and replies are the same. Only what people approved counts, so that a value
// can't be tried by a report of nothing.

// maxMarks bounds how many marks of one draft are looked at.
const maxMarks = 200

// marks returns the keys of an approved draft's suggestions that another operator's
// approved report has as well, and notes those of this one.
func (v *Conveyor) marks(ctx context.Context, f *caseFile, ok review.Approved) ([]string, error) {
	var body anonymize.Body
	err := json.Unmarshal(ok.Draft(), &body)
	if err != nil {
		return nil, fmt.Errorf("reading marks: %w", err)
	}
	who := v.Ring.LinkName("operator of a mark", v.operatorOf(f.fold.Member()))
	var out []string
	for i, m := range body.Suggested {
		if i == maxMarks {
			break
		}
		elsewhere, err := v.mark(ctx, m.Key(), who)
		if err != nil {
			return nil, err
		}
		if elsewhere {
			out = append(out, m.Key())
		}
	}
	return out, nil
}

// operatorOf is whom a member counts with: members of one operator know of each other.
func (v *Conveyor) operatorOf(member string) string {
	o, _ := v.Roster.Organisation(member)
	if o.Operator != "" {
		return "operator " + o.Operator
	}
	return "member " + member
}

// mark notes that who has a mark, and reports whether somebody else has it: of the
// two places the first to come has the first.
func (v *Conveyor) mark(ctx context.Context, key, who string) (elsewhere bool, err error) {
	now := v.Now()
	first, err := v.link(ctx, v.Ring.LinkName("mark", key, "first"), who, now)
	if err != nil {
		return false, err
	}
	second := v.Ring.LinkName("mark", key, "second")
	if first != who {
		_, err = v.link(ctx, second, who, now)
		return err == nil, err
	}
	holder, _, err := v.holds(ctx, second)
	return holder != "" && holder != who, err
}
