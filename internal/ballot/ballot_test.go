package ballot_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/ballot"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/projection"
)

const attacker = "203.0.113.99"

// world is a hub with one full alert out.
type world struct {
	*hubtest.Hub
	t      *testing.T
	reader hubtest.Person
	alert  string
	topic  feedback.Topic // of the attacker's address
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{Hub: hubtest.Start(t, 30), t: t}
	reporter := w.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range w.Apart(0, 3) {
		moderators = append(moderators, w.Person(i, hub.Moderator))
	}
	_, _, err := w.Dial(0).Report(t.Context(), hubtest.Bundle(w.Members[0], "one", "1", attacker))
	w.must(err)
	c := w.Consent(reporter, w.Case(reporter, 1))
	w.alert = w.Approve(reporter, c.Case, moderators...).Stages[1].Alert.ID
	w.reader = w.Person(5, hub.Reader)
	w.Poll("the view", func() bool { return w.Get(w.reader, "/alerts/"+w.alert).Status == 200 })
	w.topic = feedback.OfIndicator(w.shown().ID)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// shown is the attacker's address in the API.
type shown struct {
	ID       string
	Until    time.Time `json:"valid_until"`
	Standing feedback.Standing
	Told     []struct {
		Answer  feedback.Answer
		AtLeast int `json:"at_least"`
	}
}

func (w *world) shown() shown {
	w.t.Helper()
	var page struct{ Indicators []shown }
	w.Get(w.reader, "/indicators?value="+attacker).Into(w.Hub, &page)
	if len(page.Indicators) == 0 {
		w.t.Fatal("the address isn't released: the test shows nothing")
	}
	return page.Indicators[0]
}

// say lets members from a to b answer, half by their machines, half by people.
func (w *world) say(from, to int, q feedback.Request) {
	w.t.Helper()
	for i := from; i < to; i++ {
		if i%2 == 0 {
			w.must(w.Dial(i).Feedback(w.t.Context(), q))
			continue
		}
		w.must(w.Ballot.Cast(w.t.Context(), w.Person(i, hub.Reader).Person, q))
	}
}

// nextDay moves the clock on and waits for the telling.
func (w *world) nextDay() {
	w.t.Helper()
	w.Advance(feedback.Period)
	at := feedback.Moment(w.Now())
	w.Poll("the telling in the view", func() bool {
		m, err := w.Bus.Last(context.Background(), natsbus.Told, feedback.Subject)
		var t feedback.Telling
		if err != nil || json.Unmarshal(m.Data, &t) != nil || t.At.Before(at) {
			return false
		}
		counts, err := w.Public.Told(context.Background(), "")
		return err == nil && fmt.Sprint(counts) == fmt.Sprint(t.Counts)
	})
}

func TestAnswersAreToldAboveKAndOnceADay(t *testing.T) {
	w := start(t)
	seen := feedback.Request{Value: attacker, Answer: feedback.Seen}
	before := w.Get(w.reader, "/indicators").Body
	w.say(2, 11, seen)
	for range 5 { // again and again, which counts once
		w.must(w.Ballot.Cast(t.Context(), w.Person(2, hub.Reader).Person, seen))
	}
	w.nextDay()
	if got := w.shown(); len(got.Told) > 0 {
		t.Fatalf("nine members' answers are told: %+v", got)
	}
	w.say(11, 13, seen)
	if got := w.shown(); len(got.Told) > 0 {
		t.Errorf("told before the day is over: %+v", got)
	}
	w.nextDay()
	got := w.shown()
	if len(got.Told) != 1 || got.Told[0].Answer != feedback.Seen || got.Told[0].AtLeast != 10 {
		t.Fatalf("of eleven is told %+v", got.Told)
	}
	if !got.Standing.ValidUntil.After(got.Until) {
		t.Errorf("seen by ten, valid until %v as released, and %v", got.Until, got.Standing.ValidUntil)
	}
	w.say(2, 13, feedback.Request{Value: attacker, Answer: feedback.FalsePositive}) // the last counts
	w.nextDay()
	got = w.shown()
	w.updated(got)
	if len(got.Told) != 1 || got.Told[0].Answer != feedback.FalsePositive || got.Standing.Confidence > 45 || !got.Standing.ValidUntil.Before(got.Until) {
		t.Errorf("called false by eleven: %+v", got)
	}
	if strings.Contains(string(before), `"told"`) {
		t.Error("something was told before anybody answered")
	}
	a := w.Get(w.reader, "/told")
	signature, err := base64.StdEncoding.DecodeString(a.Header.Get("Isac-Signature"))
	if err != nil || !ed25519.Verify(w.Ring.AlertKey(), feedback.SigningBytes(a.Body), signature) || !strings.Contains(string(a.Body), `"at_least":10`) {
		t.Errorf("what is told isn't signed: %v: %s", err, a.Body)
	}
	if told, err := w.Dial(3).Told(t.Context()); err != nil || len(told.Counts) != 1 || told.Counts[0].Topic != w.topic {
		t.Errorf("a machine is told %+v, %v", told, err)
	}
	tellings, err := w.Bus.Subject(t.Context(), natsbus.Told, feedback.Subject)
	if err != nil || len(tellings) != 1 {
		t.Errorf("%d tellings are kept: %v", len(tellings), err)
	}
}

// With nine answers every byte that a member is given is the same as with none.
func TestBelowKNoByteDiffers(t *testing.T) {
	w := start(t)
	paths := []string{"/indicators", "/indicators?value=" + attacker, "/alerts", "/alerts/" + w.alert, "/alerts/" + w.alert + "/feedback"}
	given := func() string {
		var all []string
		for _, p := range paths {
			all = append(all, string(w.Get(w.reader, p).Body))
		}
		return strings.Join(all, "\n")
	}
	w.nextDay()
	before := given()
	for _, a := range feedback.Verdicts() {
		w.say(2, 11, feedback.Request{Alert: w.alert, Answer: a})
		w.say(2, 11, feedback.Request{Value: attacker, Answer: a})
	}
	if got := given(); got != before {
		t.Errorf("after nine answers is given\n%s\nbefore\n%s", got, before)
	}
	seq, err := w.Bus.LastSeq(t.Context(), natsbus.Votes)
	if err != nil || seq != 9*2*3 {
		t.Errorf("%d votes were stored: the test shows nothing: %v", seq, err)
	}
	m, err := w.Bus.Last(t.Context(), natsbus.Told, feedback.Subject)
	w.must(err)
	none := string(m.Data)
	w.nextDay()
	m, err = w.Bus.Last(t.Context(), natsbus.Told, feedback.Subject)
	w.must(err)
	at := func(s string) string { _, rest, _ := strings.Cut(s, `,"counts"`); return rest }
	if at(string(m.Data)) != at(none) {
		t.Errorf("the log tells %s", m.Data)
	}
}

// One member has one vote however much it sends, and not without end.
func TestAMemberCantFlood(t *testing.T) {
	w := start(t)
	conn, q := w.Dial(2), feedback.Request{Value: attacker, Answer: feedback.FalsePositive}
	who := w.Person(2, hub.Reader).Person
	w.must(conn.Feedback(t.Context(), q))
	for range ballot.MostPerHour - 1 {
		w.must(w.Ballot.Cast(t.Context(), who, q))
	}
	for _, err := range []error{conn.Feedback(t.Context(), q), w.Ballot.Cast(t.Context(), who, q)} {
		if r := hub.RefusalOf(err); r == nil || r.Kind != hub.Unavailable || r.Text != "feedback.too-many" {
			t.Errorf("over the limit: %v", err)
		}
	}
	w.must(w.Ballot.Cast(t.Context(), w.Person(3, hub.Reader).Person, q)) // another member's isn't used up
	subjects, err := w.Bus.Subjects(t.Context(), natsbus.Votes, "vote.>")
	if err != nil || len(subjects) != 2 {
		t.Errorf("two members have %d votes: %v", len(subjects), err)
	}
	w.Advance(time.Hour)
	w.must(conn.Feedback(t.Context(), q))
}

func TestWhatCantBeAnswered(t *testing.T) {
	w := start(t)
	conn := w.Dial(2)
	for name, c := range map[string]struct {
		q    feedback.Request
		text string
	}{
		"an unknown value":     {feedback.Request{Value: "203.0.113.1", Answer: feedback.Seen}, "feedback.not-released"},
		"an unknown alert":     {feedback.Request{Alert: "x", Answer: feedback.Seen}, "feedback.not-released"},
		"no answer":            {feedback.Request{Value: attacker}, "feedback.no-answer"},
		"another's answer":     {feedback.Request{Value: attacker, Answer: feedback.Have}, "feedback.no-answer"},
		"an unknown question":  {feedback.Request{Alert: w.alert, Question: "x", Answer: feedback.Yes}, "feedback.not-asked"},
		"nothing":              {feedback.Request{Answer: feedback.Seen}, "http.bad-body"},
		"two things":           {feedback.Request{Alert: w.alert, Value: attacker, Answer: feedback.Seen}, "http.bad-body"},
		"a question's verdict": {feedback.Request{Alert: w.alert, Question: feedback.Exposed, Answer: feedback.Seen}, "feedback.no-answer"},
	} {
		if r := hub.RefusalOf(conn.Feedback(t.Context(), c.q)); r == nil || r.Text != c.text {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := hub.RefusalOf(w.Ballot.Cast(t.Context(), w.Person(-1, hub.Secretariat).Person, feedback.Request{Value: attacker, Answer: feedback.Seen})); r == nil || r.Text != "feedback.members-only" {
		t.Errorf("the secretariat: %+v", r)
	}
	if seq, err := w.Bus.LastSeq(t.Context(), natsbus.Votes); err != nil || seq != 0 {
		t.Errorf("%d votes were stored: %v", seq, err)
	}
}

// Votes of a quarter end with the next: their secret, and the bytes.
func TestVotesEnd(t *testing.T) {
	w := start(t)
	w.say(2, 6, feedback.Request{Value: attacker, Answer: feedback.Seen})
	votes := func() int {
		list, err := w.Bus.Subjects(t.Context(), natsbus.Votes, "vote.>")
		w.must(err)
		return len(list)
	}
	if votes() != 4 {
		t.Fatalf("%d votes", votes())
	}
	w.Advance(62 * 24 * time.Hour)
	w.nextDay()
	if votes() != 4 {
		t.Errorf("%d votes are left in the next quarter at the latest", votes())
	}
	w.Advance(150 * 24 * time.Hour)
	w.Poll("the end of the votes", func() bool { return votes() == 0 })
}

// What was told is there after a start; nothing new is told by one.
func TestAStartTellsNothingNew(t *testing.T) {
	w := start(t)
	w.say(2, 12, feedback.Request{Value: attacker, Answer: feedback.Blocked})
	w.nextDay()
	if got := w.shown().Told; len(got) != 1 {
		t.Fatalf("told: %+v", got)
	}
	w.say(2, 12, feedback.Request{Alert: w.alert, Answer: feedback.Seen})
	w.must(w.Close())
	bus, done, err := node.OpenLog(t.Context(), node.Log{Dir: w.Folder})
	w.must(err)
	c, err := projection.Replay(t.Context(), bus, w.Folder)
	if err != nil || !c.Same {
		t.Errorf("a replay tells otherwise: %+v, %v", c, err)
	}
	w.must(done())
	w.Open()
	if got := w.shown().Told; len(got) != 1 || got[0].AtLeast != 10 {
		t.Errorf("after a start is told %+v", got)
	}
	counts, err := w.Public.Told(t.Context(), feedback.OfAlert(w.alert))
	if err != nil || len(counts) > 0 {
		t.Errorf("the start told %v, %v", counts, err)
	}
}

// A pulse is told like the rest, and as a table for the ministry.
func TestPulse(t *testing.T) {
	w := start(t)
	w.say(2, 14, feedback.Request{Alert: w.alert, Question: feedback.Exposed, Answer: feedback.Fixed})
	w.say(14, 20, feedback.Request{Alert: w.alert, Question: feedback.Exposed, Answer: feedback.Have})
	w.nextDay()
	var got struct {
		Questions []struct {
			Question feedback.Question
			Told     []struct {
				Answer  feedback.Answer
				AtLeast int `json:"at_least"`
			}
		}
	}
	w.Get(w.reader, "/alerts/"+w.alert+"/feedback").Into(w.Hub, &got)
	if len(got.Questions) == 0 || len(got.Questions[0].Told) != 1 || got.Questions[0].Told[0].Answer != feedback.Fixed || got.Questions[0].Told[0].AtLeast != 10 {
		t.Errorf("twelve fixed it, six have it: %+v", got)
	}
	table := string(w.Get(w.Person(-1, hub.Secretariat), "/pulse.csv").Body)
	want := "alert,question,answer,at_least,since\n" + w.alert + ",exposed,fixed,10," + feedback.Moment(w.Now()).Format(time.DateOnly) + "\n"
	if table != want {
		t.Errorf("the table is %q, want %q", table, want)
	}
	if a := w.Get(w.reader, "/pulse.csv"); a.Status != 403 {
		t.Errorf("a reader gets the table: %d", a.Status)
	}
}
