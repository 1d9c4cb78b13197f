package canary_test

import (
	"context"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// world is a running hub, its people and machines, and the ear at every exit.
type world struct {
	*hubtest.Hub
	t          *testing.T
	ear        *ear
	tmp        string // where temporary files go
	stderr     string // a file
	victim     hub.Organisation
	conn       *member.Conn
	reporter   hubtest.Person
	moderators []hubtest.Person
	others     []hubtest.Person // everyone else who asks
	machines   []machine        // of members that report nothing
	receipts   []string
	cases      []string
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ear: new(ear), tmp: t.TempDir()}
	t.Setenv("TMPDIR", w.tmp)
	t.Setenv("SQLITE_TMPDIR", w.tmp)
	w.stderr = divert(t)
	w.Hub = hubtest.Start(t, 60) // enough for the product of the report to be named
	w.ear.tap(t, w.Hub)
	w.victim, w.conn, w.reporter = w.Members[0], w.Dial(0), w.Person(0, hub.Reporter)
	apart := w.Apart(0, 8)
	for _, i := range apart[:4] {
		w.moderators = append(w.moderators, w.Person(i, hub.Moderator))
	}
	w.others = []hubtest.Person{
		{},
		{Token: "isac_nobodys"},
		w.Person(-1, hub.Secretariat), w.Person(apart[4], hub.Reporter), w.Person(apart[5], hub.Analyst),
		w.Person(apart[5], hub.Reader), w.Person(apart[6], hub.DutyOfficer), w.Person(apart[7], hub.CaseOfficer), w.Person(0, hub.Analyst),
	}
	for _, i := range apart[4:7] {
		w.machines = append(w.machines, w.ear.machine(t, w.Hub, i))
	}
	return w
}

// divert sends what this process writes to its standard error to a file.
func divert(t *testing.T) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stderr
	os.Stderr = f
	log.SetOutput(f)
	t.Cleanup(func() {
		os.Stderr = old
		log.SetOutput(old)
		_ = f.Close()
	})
	return f.Name()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(id string) conveyor.CaseView {
	w.t.Helper()
	c, err := w.Desk.Case(w.t.Context(), w.reporter.Person, id)
	w.must(err)
	return c
}

// took notes a receipt and waits for the new case behind it to have drafts or holds.
func (w *world) took(number string) conveyor.CaseView {
	w.t.Helper()
	w.receipts = append(w.receipts, number)
	var ids []string
	w.Poll("a new case", func() bool {
		var err error
		ids, err = w.Desk.Cases(context.Background(), w.reporter.Person)
		return err == nil && len(ids) > len(w.cases)
	})
	id := ids[slices.IndexFunc(ids, func(id string) bool { return !slices.Contains(w.cases, id) })]
	w.cases = append(w.cases, id)
	w.Poll("a drafted case", func() bool { return w.view(id).Stages[1].State != "waiting" })
	return w.view(id)
}

// report sends a report sealed, as the client does.
func (w *world) report(data []byte) conveyor.CaseView {
	w.t.Helper()
	r, _, err := w.conn.Report(w.t.Context(), data)
	w.must(err)
	return w.took(r.Number)
}

// version sends a later version of a report and waits for its drafts.
func (w *world) version(id string, data []byte) conveyor.CaseView {
	w.t.Helper()
	before := w.view(id).Stages[0].Version
	r, _, err := w.conn.Report(w.t.Context(), data)
	w.must(err)
	w.receipts = append(w.receipts, r.Number)
	w.Poll("the new version", func() bool { return w.view(id).Stages[0].Version > before })
	return w.view(id)
}

// release brings both stages out.
func (w *world) release(c conveyor.CaseView) conveyor.CaseView {
	w.t.Helper()
	c = w.Consent(w.reporter, c)
	return w.Approve(w.reporter, c.Case, w.moderators...)
}

// until waits for a stage to be in a state.
func (w *world) until(id string, stage int, state review.Phase) review.ReporterStage {
	w.t.Helper()
	w.Poll("a stage that is "+string(state), func() bool { return w.view(id).Stages[stage].State == string(state) })
	return w.view(id).Stages[stage]
}

// everyone decides on the open reviews of a stage in the same way until it is in a
// state.
func (w *world) everyone(id string, stage int, state review.Phase, d conveyor.Decision) {
	w.t.Helper()
	w.Poll("a stage that is "+string(state), func() bool {
		digest := w.view(id).Stages[stage].Digest
		for _, m := range w.moderators {
			list, err := w.Desk.Reviews(m.Person)
			w.must(err)
			for _, r := range list {
				if r.Digest == digest && r.Yours == review.Open && w.view(id).Stages[stage].State == string(review.Reviewing) {
					d.Digest, d.Signature, d.Thin, d.Accept = r.Digest, m.Sign(r.Sign, review.Accepting(r.Digest, r.Single)), r.Thin, r.Single
					_ = w.Desk.Decide(context.Background(), m.Person, r.Review, d) // seen by the state
				}
			}
		}
		return w.view(id).Stages[stage].State == string(state)
	})
}

// consent says yes to one stage.
func (w *world) consent(id string, stage int) {
	w.t.Helper()
	s := w.view(id).Stages[stage]
	w.must(w.Desk.Consent(w.t.Context(), w.reporter.Person, id, s.Stage, s.Digest, w.reporter.Sign(review.ToConsent, s.Digest)))
}

// recall takes the newest version of an alert back on the word of two people.
func (w *world) recall(a hub.Alert) {
	w.t.Helper()
	for _, p := range w.moderators[:2] {
		w.must(w.Desk.Recall(w.t.Context(), p.Person, a.ID, "leak", p.Sign(review.ToRecall, a.Digest)))
	}
}

// written is what was written to standard error.
func (w *world) written() blob {
	w.t.Helper()
	f, err := os.Open(w.stderr)
	w.must(err)
	defer f.Close()
	data, err := io.ReadAll(f)
	w.must(err)
	return blob{where: "standard error", data: data}
}
