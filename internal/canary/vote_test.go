package canary_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/internal/canary"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// votes lets ten members say that an address is no attack, and one each of something
// else: by the client, by bare machines, and by people. It returns who they were.
func (w *world) votes(alert string) (voters []hubtest.Person) {
	w.t.Helper()
	wrong := feedback.Request{Value: attacker, Answer: feedback.FalsePositive}
	for i := 10; i < 20; i++ {
		p := w.Person(i, hub.Reader)
		voters = append(voters, p)
		if i%2 == 0 {
			w.must(w.Dial(i).Feedback(w.t.Context(), wrong))
		} else {
			w.must(w.Ballot.Cast(w.t.Context(), p.Person, wrong))
		}
	}
	lone := w.Dial(21)
	for _, q := range []feedback.Request{
		{Value: attacker, Answer: feedback.Seen},
		{Alert: alert, Answer: feedback.Blocked},
		{Alert: alert, Answer: feedback.FalsePositive},
		{Alert: alert, Question: feedback.BackupOffline, Answer: feedback.No},
		{Alert: alert, Question: feedback.BackupOffline, Answer: feedback.Unknown},
	} {
		w.must(lone.Feedback(w.t.Context(), q))
	}
	path := "/api/v1/alerts/" + alert + "/feedback"
	status, body := w.ear.fetch(w.t, w.Hub, voters[0], request(w.t, w.Hub, http.MethodPost, path, `{"question":"restore-tested","answer":"no"}`))
	if status != http.StatusOK || strings.TrimSpace(string(body)) != `{"taken":true}` {
		w.t.Errorf("an answer over HTTP: %d %s", status, body)
	}
	return append(voters, w.Person(21, hub.Reader))
}

// TestNoVoteLeadsToAMember: of what members answer nothing that leaves the hub, and
// nothing that lies in its folder, leads to a member; who carries the messages sees
// neither what they are about nor what they say.
func TestNoVoteLeadsToAMember(t *testing.T) {
	w := start(t)
	c := w.release(w.report(rich(t, w.victim, "voted", "1")))
	alert := c.Stages[1].Alert.ID
	reader := w.others[4]
	w.Poll("the view", func() bool { return w.Get(reader, "/alerts/"+alert).Status == http.StatusOK })
	carried := new(ear)
	_, err := w.Bus.NC.Subscribe("isac.feedback.>", func(m *nats.Msg) { carried.hear("NATS feedback", "", m.Data) })
	w.must(err)
	w.must(w.Bus.NC.Flush())

	voters := w.votes(alert)
	for _, m := range w.machines { // machines that seal nothing are answered alike, whatever they say
		for _, body := range []string{`{"value":"` + attacker + `","answer":"seen"}`, `{"value":"` + attacker + `","answer":"false-positive"}`, `{"alert":"` + alert + `","answer":"seen"}`} {
			if answer := m.ask(t, "feedback", body); !strings.HasSuffix(answer, "{}") {
				t.Errorf("a machine is answered %s", answer)
			}
		}
	}
	w.Advance(feedback.Period)
	told := ""
	w.Poll("the telling", func() bool {
		told = string(w.Get(reader, "/indicators?value="+attacker).Body)
		return strings.Contains(told, `"at_least":10`)
	})
	if strings.Contains(told, `"seen"`) || strings.Count(told, "at_least") != strings.Count(told, "false-positive") {
		t.Errorf("told is %s", told)
	}
	w.carriedAlike(carried)
	for _, m := range w.machines {
		if answer := m.ask(t, "feedback", `{"ask":"told"}`); !strings.Contains(answer, `"signature"`) {
			t.Errorf("a machine that asks what is told is answered %s", answer)
		}
	}
	for _, p := range append(slices.Clone(w.others), voters...) {
		for _, path := range []string{"/indicators", "/indicators?value=" + attacker, "/alerts/" + alert, "/alerts/" + alert + "/feedback", "/pulse.csv"} {
			w.ear.fetch(t, w.Hub, p, request(t, w.Hub, http.MethodGet, "/api/v1"+path, ""))
		}
	}
	w.noVoteStands(voters, alert)
}

// carriedAlike: of ten sealed messages and more, all are of one length and none holds
// a word of what was said.
func (w *world) carriedAlike(carried *ear) {
	w.t.Helper()
	words := canary.New(attacker, "false-positive", "backup-offline", "blocked")
	sealed, lengths := 0, map[int]bool{}
	for _, b := range carried.all() {
		if strings.HasPrefix(string(b.data), "{") {
			continue // of a machine that seals nothing
		}
		sealed++
		lengths[len(b.data)] = true
		for _, h := range words.Find(b.data) {
			w.t.Errorf("who carries an answer reads %q in it", h.Value)
		}
	}
	if sealed < 10 || len(lengths) != 1 {
		w.t.Errorf("%d sealed answers of %d lengths were carried", sealed, len(lengths))
	}
}

// noVoteStands searches everything for the voters, and the stored votes for what they say.
func (w *world) noVoteStands(voters []hubtest.Person, alert string) {
	w.t.Helper()
	var who []string
	for _, p := range voters {
		who = append(who, p.ID, p.Org, p.Token)
		who = append(who, w.Roster.ActiveKeys(p.Org, w.Now())...)
	}
	s := canary.New(who...)
	heard, private := w.ear.all(), append(inside(w.Hub), w.written())
	search(w.t, s, heard, nil)
	search(w.t, s, private, nil)
	stored, err := w.Bus.LastSeq(context.Background(), natsbus.Votes)
	if err != nil || stored < 20 {
		w.t.Errorf("%d votes are stored: %v", stored, err)
	}
	w.must(w.Close())
	on := files(w.t, w.Folder)
	search(w.t, s, on, func(b blob, _ canary.Hit) bool { return inList(b) })
	said := canary.New(alert, attacker, stix.NameID("indicator", "[ipv4-addr:value = '"+attacker+"']"), "false-positive", "backup-offline", "restore-tested", "blocked")
	votes := 0
	for _, b := range on {
		if strings.Contains(b.where, "/streams/VOTES/") {
			votes++
			search(w.t, said, []blob{b}, nil)
		}
	}
	if votes == 0 {
		w.t.Error("no file of votes was read")
	}
	lone := canary.New("restore-tested", "backup-offline", "unknown")
	for _, b := range on { // what fewer than ten said stands nowhere
		if strings.Contains(b.where, "/streams/TOLD/") {
			search(w.t, lone, []blob{b}, nil)
		}
	}
}
