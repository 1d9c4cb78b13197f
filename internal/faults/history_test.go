package faults_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"isac/hub"
	"isac/hub/review"
)

// history is what people asked of stages and were answered, with when: it must be as if
// each had been done at one instant between question and answer, one after another.
// Stages are told apart by the digest of their draft.
type history struct {
	begun time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
}

// act is one question.
type act struct {
	verb  string // consent, approve, return, stand; or seen, by a reporter or a moderator
	who   string
	draft hub.Digest
}

// What a question may be answered besides states that are seen.
const (
	yes     = "yes"
	no      = "no"
	unknown = "unknown" // it may have been done, then or later
)

func (h *history) now() int64 { return int64(time.Since(h.begun)) }

// add records a question that was asked at call and has its answer now.
func (h *history) add(call int64, a act, answer string) {
	end := h.now()
	if answer == unknown {
		end = int64(1) << 62
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{Input: a, Call: call, Output: answer, Return: end})
}

// said is the answer to a command by its error.
func said(err error) string {
	switch {
	case err == nil:
		return yes
	case hub.KindOf(err) == hub.Unavailable || hub.KindOf(err) == hub.Internal:
		return unknown
	}
	return no
}

// standing is a stage of a case with one draft, as people know it.
type standing struct {
	consented, returned, out bool
	agreed                   string // who, each once
}

func (s standing) count() int          { return strings.Count(s.agreed, ";") }
func (s standing) has(who string) bool { return strings.Contains(s.agreed, who+";") }

// do is what a command does to a stage, and whether it may be done.
func (s standing) do(a act) (standing, bool) {
	deciding := s.consented && !s.returned && !s.out
	switch a.verb {
	case "consent":
		s.consented = true
		return s, true
	case "approve":
		if s.has(a.who) && !s.returned {
			return s, true
		}
		s.agreed += a.who + ";"
		return s, deciding && s.count() <= 2
	case "return":
		s.returned, s.agreed = true, ""
		return s, deciding
	}
	may := s.returned
	s.returned = false
	return s, may
}

// seen tells whether somebody may see a stage in a state, or a moderator its own word.
func (s standing) seen(a act, state string) (standing, bool) {
	if a.verb == "own" {
		return s, (state == string(review.Agreed)) == s.has(a.who)
	}
	switch review.Phase(state) {
	case review.Asking:
		return s, !s.consented
	case review.Reviewing:
		return s, s.consented && !s.returned && !s.out && s.count() < 2
	case review.Returned:
		return s, s.returned
	case review.Scheduled:
		return s, s.count() == 2 && !s.out
	}
	s.out = true
	return s, s.count() == 2
}

// model says which histories of one draft are as if one thing came after another.
var model = porcupine.Model{
	Init: func() any { return standing{} },
	Step: func(state, input, output any) (bool, any) {
		s, a := state.(standing), input.(act)
		if a.verb == "seen" || a.verb == "own" {
			next, ok := s.seen(a, output.(string))
			return ok, next
		}
		next, ok := s.do(a)
		switch {
		case output == no || output == unknown && !ok:
			return true, s
		}
		return ok, next
	},
	Partition: func(ops []porcupine.Operation) [][]porcupine.Operation {
		of := map[hub.Digest][]porcupine.Operation{}
		for _, o := range ops {
			d := o.Input.(act).draft
			of[d] = append(of[d], o)
		}
		var all [][]porcupine.Operation
		for _, list := range of {
			all = append(all, list)
		}
		return all
	},
}

// check wants the history to be linearizable, and one in which an approval was answered
// but is lost not to be.
func (h *history) check(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if got := porcupine.CheckOperationsTimeout(model, h.ops, time.Minute); got != porcupine.Ok {
		t.Errorf("the histories of cases are not linearizable: %s", got)
	}
	verbs := map[string]int{}
	for _, o := range h.ops {
		verbs[o.Input.(act).verb+" "+h.class(o)]++
	}
	t.Logf("%d drafts, linearizable: %v", len(model.Partition(h.ops)), verbs)
	lost, ok := h.lossy()
	if !ok {
		t.Log("nobody looked at a draft after somebody's word on it")
		return
	}
	if got := porcupine.CheckOperationsTimeout(model, lost, time.Minute); got != porcupine.Illegal {
		t.Errorf("a history that loses an approval is %s", got)
	}
}

func (h *history) class(o porcupine.Operation) string {
	if a := o.Input.(act); a.verb == "seen" || a.verb == "own" {
		return ""
	}
	return o.Output.(string)
}

// lossy is the history of a hub that forgets an approval after its answer: a moderator
// looks, and finds its own word gone.
func (h *history) lossy() ([]porcupine.Operation, bool) {
	for i, o := range h.ops {
		a := o.Input.(act)
		if a.verb != "own" || o.Output != string(review.Open) {
			continue
		}
		a.verb = "approve"
		said := porcupine.Operation{Input: a, Call: o.Call - 2, Output: yes, Return: o.Call - 1}
		return slices.Insert(slices.Clone(h.ops), i, said), true
	}
	return nil, false
}
