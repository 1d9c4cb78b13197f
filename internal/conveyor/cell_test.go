package conveyor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/review"
	"isac/internal/admin"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// celled is a hub whose members are divided into cells, and one of them of whose cell
// something may be told.
type celled struct {
	*hubtest.Hub
	victim     int
	cell       string
	reporter   hubtest.Person
	conn       *member.Conn
	moderators []hubtest.Person
	incidents  map[string]string // by case
}

func startCelled(t *testing.T, change ...func(*review.Clocks)) *celled {
	t.Helper()
	h := &celled{Hub: hubtest.Start(t, 600, change...), incidents: map[string]string{}}
	if _, err := admin.Do(t.Context(), h.Node, admin.Request{Op: "partition-build"}); err != nil {
		t.Fatal(err)
	}
	for i, m := range h.Members {
		if h.cell = h.Roster.CellOf(m.ID, profile.HealthcareJP()); h.cell != "" {
			h.victim = i
			break
		}
	}
	if h.cell == "" {
		t.Fatal("nothing may be told of anybody")
	}
	h.reporter, h.conn = h.Person(h.victim, hub.Reporter), h.Dial(h.victim)
	for _, i := range h.Apart(h.victim, 3) {
		h.moderators = append(h.moderators, h.Person(i, hub.Moderator))
	}
	return h
}

// send sends a version of an incident, of which its prose says something more.
func (h *celled) send(incident, version, more string) {
	h.T.Helper()
	bundle := hubtest.Bundle(h.Members[h.victim], incident, version, attacker)
	bundle = bytes.Replace(bundle, []byte("ファイルが暗号化された。"), []byte("ファイルが暗号化された。"+more), 1)
	if _, err := h.conn.Send(context.Background(), bundle); err != nil {
		h.T.Fatal(err)
	}
}

// again sends another version and waits for its draft.
func (h *celled) again(c conveyor.CaseView, version, more string) conveyor.CaseView {
	h.T.Helper()
	old := h.now(c.Case).Stages[1].Version
	h.send(h.incidents[c.Case], version, more)
	h.Poll("the new draft", func() bool {
		c = h.now(c.Case)
		return c.Stages[1].Version > old
	})
	return c
}

// now is a case as it stands.
func (h *celled) now(id string) conveyor.CaseView {
	h.T.Helper()
	c, err := h.Desk.Case(context.Background(), h.reporter.Person, id)
	if err != nil {
		h.T.Fatal(err)
	}
	return c
}

// report sends an incident and waits for its case.
func (h *celled) report(incident string) conveyor.CaseView {
	h.T.Helper()
	ctx := context.Background()
	before, err := h.Desk.Cases(ctx, h.reporter.Person)
	if err != nil {
		h.T.Fatal(err)
	}
	h.send(incident, "1", "")
	var c conveyor.CaseView
	h.Poll("a new case", func() bool {
		now, err := h.Desk.Cases(ctx, h.reporter.Person)
		if err != nil || len(now) == len(before) {
			return false
		}
		c, err = h.Desk.Case(ctx, h.reporter.Person, now[slices.IndexFunc(now, func(id string) bool { return !slices.Contains(before, id) })])
		return err == nil && c.Stages[1].Version == 1
	})
	h.incidents[c.Case] = incident
	return c
}

// named returns the cell that the draft of a case's full alert names, "" for none.
func named(t *testing.T, c conveyor.CaseView) string {
	t.Helper()
	var b anonymize.Body
	if err := json.Unmarshal(c.Stages[1].Draft, &b); err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Facts {
		if f.Class == hub.Cell {
			return f.Value
		}
	}
	return ""
}

// both reports incidents until one case names the cell and one doesn't: one in three
// is left out, so that forty of one kind come once in ten million runs at the most.
func (h *celled) both() (with, without conveyor.CaseView) {
	h.T.Helper()
	for range 40 {
		c := h.report(fmt.Sprint("n", len(h.incidents)))
		switch named(h.T.(*testing.T), c) {
		case h.cell:
			with = c
		case "":
			without = c
		default:
			h.T.Fatal("another cell is named")
		}
		if with.Case != "" && without.Case != "" {
			return with, without
		}
	}
	h.T.Fatal("forty cases all alike")
	return with, without
}

const sentence = "to which all of this applies: "

func TestFullAlertNamesTheCellOrDoesnt(t *testing.T) {
	h := startCelled(t)
	got := make(chan deliver.Entry, 10)
	w := member.Watcher{
		Conn: h.Dial(h.Apart(h.victim, 9)[8]), Warn: func(err error) { t.Errorf("warned: %v", err) },
		Each: func(e deliver.Entry, _ deliver.Chain) error { got <- e; return nil },
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = w.Run(ctx) }()
	with, without := h.both()
	for _, c := range []conveyor.CaseView{with, without} {
		h.Consent(h.reporter, c)
		h.Approve(h.reporter, c.Case, h.moderators...)
	}
	h.Poll("the watcher", func() bool { return len(got) == 4 })
	p := profile.HealthcareJP()
	for i := range 4 {
		e, want := <-got, i == 1
		noSizeNoName(t, h, string(e.Bundle))
		for _, label := range p.Described(h.cell) {
			if strings.Contains(string(e.Bundle), "「"+label.JA+"」") != want || strings.Contains(string(e.Bundle), "“"+label.EN+"”") != want {
				t.Errorf("entry %d, %s: names its cell %v, want %v", e.Number, e.Stage, !want, want)
			}
		}
		if strings.Contains(string(e.Bundle), sentence) != want {
			t.Errorf("entry %d: the sentence", e.Number)
		}
	}
}

// noSizeNoName wants no number of members and nobody's name in what members get.
func noSizeNoName(t *testing.T, h *celled, alert string) {
	t.Helper()
	for _, found := range regexp.MustCompile(`(\d+) (?:の病院|hospitals|members)`).FindAllStringSubmatch(alert, -1) {
		if found[1] != "10" {
			t.Errorf("the alert tells a number: %s", found[0])
		}
	}
	for _, m := range h.Members {
		for _, name := range []string{m.ID, m.NameJA, m.NameRomaji, m.Municipality, m.Operator, m.Vendor} {
			if name != "" && strings.Contains(alert, name) {
				t.Errorf("the alert names %q", name)
			}
		}
	}
}

// TestCaseKeepsItsCell: a new version of the report, an answer, a correction: the same
// cell or none, never another draw; none where the outside could see something.
func TestCaseKeepsItsCell(t *testing.T) {
	h := startCelled(t)
	with, without := h.both()
	for range 6 { // a new draw would name it sooner or later
		without = h.answer(without, conveyor.Answers{})
		with = h.answer(with, conveyor.Answers{})
		if named(t, without) != "" || named(t, with) != h.cell {
			t.Fatal("drawn anew")
		}
	}
	if c := h.answer(with, conveyor.Answers{Rejected: []string{"cell"}}); named(t, c) != "" {
		t.Error("the reporter left it out, and it is there")
	}
	with = h.answer(with, conveyor.Answers{})
	h.Consent(h.reporter, with)
	h.Approve(h.reporter, with.Case, h.moderators...)
	with = h.again(with, "2", "LockBitによる攻撃であった。")
	if with = h.agree(with); named(t, with) != h.cell {
		t.Error("a correction doesn't name the cell that the alert named")
	}
	with = h.again(with, "3", "LockBitによる攻撃であった。外来診療を停止した。")
	if with = h.agree(with); named(t, with) != "" {
		t.Error("the cell is named beside what the street sees")
	}
	h.Poll("the correction", func() bool {
		h.ApproveOpen(hub.Full, h.moderators...)
		list, _, err := h.Entries(context.Background(), 0, 100)
		return err == nil && slices.ContainsFunc(list, func(e deliver.Entry) bool { return e.Kind == hub.Corrected && e.Stage == hub.Full })
	})
	for _, e := range entries(t, h.Hub, 3) {
		if want := e.Kind == hub.Released && e.Stage == hub.Full; strings.Contains(string(e.Bundle), sentence) != want {
			t.Errorf("entry %d, %s, %s: the sentence is there: %v", e.Number, e.Kind, e.Stage, !want)
		}
	}
}

// agree confirms what was read from the prose and consents.
func (h *celled) agree(c conveyor.CaseView) conveyor.CaseView {
	h.T.Helper()
	var answers conveyor.Answers
	for _, f := range c.Prose {
		answers.Confirmed = append(answers.Confirmed, f.Key)
	}
	c = h.answer(c, answers)
	for _, s := range c.Stages {
		if s.State != string(review.Asking) {
			continue
		}
		err := h.Desk.Consent(context.Background(), h.reporter.Person, c.Case, s.Stage, s.Digest, h.reporter.Sign(review.ToConsent, s.Digest))
		if err != nil {
			h.T.Fatal(err)
		}
	}
	return c
}

func (h *celled) answer(c conveyor.CaseView, answers conveyor.Answers) conveyor.CaseView {
	h.T.Helper()
	err := h.Desk.Answer(context.Background(), h.reporter.Person, c.Case, answers)
	if err != nil {
		h.T.Fatal(err)
	}
	return h.now(c.Case)
}

// TestLapsedCellIsLeftOut: the members of the cell leave between approval and release;
// the alert doesn't go out before the reporter has agreed to what is left.
func TestLapsedCellIsLeftOut(t *testing.T) {
	h := startCelled(t, func(c *review.Clocks) {
		c.NextSlot = func(at time.Time) time.Time { return at.Add(time.Hour) }
	})
	with, _ := h.both()
	h.Consent(h.reporter, with)
	state := func() conveyor.CaseView { return h.now(with.Case) }
	h.Poll("approval", func() bool {
		h.ApproveOpen(hub.Full, h.moderators...)
		return state().Stages[1].State == string(review.Scheduled)
	})
	h.leave()
	if got := h.Roster.CellOf(h.Members[h.victim].ID, profile.HealthcareJP()); got != "" {
		t.Fatal("the cell still holds")
	}
	h.Advance(2 * time.Hour)
	h.Poll("the question", func() bool { return state().Stages[1].State == string(review.Asking) })
	c := state()
	if named(t, c) != "" || c.Stages[1].Alert != nil {
		t.Fatal("the cell is in the draft, or went out")
	}
	h.Consent(h.reporter, c)
	h.Poll("approval", func() bool {
		h.ApproveOpen(hub.Full, h.moderators...)
		return state().Stages[1].State == string(review.Scheduled)
	})
	h.Advance(2 * time.Hour)
	h.Poll("the alert", func() bool { return state().Stages[1].Alert != nil })
	for _, e := range entries(t, h.Hub, 1) {
		if strings.Contains(string(e.Bundle), sentence) {
			t.Error("the alert names the cell")
		}
	}
}

// leave takes everybody out of the sector's members but those whom the case needs.
func (h *celled) leave() {
	h.T.Helper()
	stay := []string{h.reporter.Org}
	for _, m := range h.moderators {
		stay = append(stay, m.Org)
	}
	list, _ := h.Roster.List()
	var orgs []hub.Organisation
	for _, o := range list.All() {
		o.Member = o.Member && slices.Contains(stay, o.ID)
		orgs = append(orgs, o)
	}
	next, err := register.New(orgs)
	if err != nil {
		h.T.Fatal(err)
	}
	var csv bytes.Buffer
	if err := next.Write(&csv); err != nil {
		h.T.Fatal(err)
	}
	if err := h.Roster.Import(context.Background(), csv.Bytes()); err != nil {
		h.T.Fatal(err)
	}
}
