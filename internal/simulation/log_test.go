package simulation

import (
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
)

// message is one stored message of a case.
type message struct {
	seq    uint64
	events []review.Event
}

// placed is one stored message of the alert log.
type placed struct {
	seq     uint64
	subject string
	entry   deliver.Entry
	erased  bool
}

// journal is the log that all nodes share: what it has stored it keeps. A store on
// condition is refused when the last message isn't the one expected.
type journal struct {
	seq    uint64
	cases  map[string][]message
	links  map[string]string
	alerts []placed
	intake []*delivery
	lease  struct {
		seq    uint64
		holder string
	}
	mutant mutant
}

// delivery is a stored report that waits for its case.
type delivery struct {
	number   string // of the receipt
	incident string
	member   string
	version  int
	at       time.Time // as the node told that took it in
	done     bool
	synced   bool
}

// mutant is a rule that the log breaks, to see that the checker finds it.
type mutant string

const (
	faithful    mutant = ""
	unfenced    mutant = "cases unfenced"  // stores of cases expect nothing
	unfencedLog mutant = "alerts unfenced" // stores at the end of the alert log expect nothing
	manyLinks   mutant = "incidents not deduplicated"
	lazy        mutant = "reports not synced" // a crash takes what was answered
	lossy       mutant = "decisions lost"     // what was answered isn't stored
)

var (
	errConflict    = hub.E(hub.Conflict, "error.conflict")
	errUnavailable = hub.E(hub.Unavailable, "error.unavailable")
	errNotFound    = hub.E(hub.NotFound, "error.not-found")
)

func (j *journal) appendCase(id string, last uint64, events []review.Event) (uint64, error) {
	list := j.cases[id]
	var have uint64
	if len(list) > 0 {
		have = list[len(list)-1].seq
	}
	if have != last && j.mutant != unfenced {
		return 0, errConflict
	}
	j.seq++
	if j.mutant == lossy && events[0].Kind == review.KindApproved && j.seq%3 == 0 {
		return j.seq, nil
	}
	j.cases[id] = append(list, message{j.seq, events})
	return j.seq, nil
}

// link stores name → id unless name leads somewhere, and returns what holds.
func (j *journal) link(name, id string) string {
	if have, ok := j.links[name]; ok && j.mutant != manyLinks {
		return have
	}
	j.links[name] = id
	return id
}

func (j *journal) lastAlert() uint64 {
	if len(j.alerts) == 0 {
		return 0
	}
	return j.alerts[len(j.alerts)-1].seq
}

func (j *journal) appendAlert(last uint64, subject string, e deliver.Entry) (uint64, error) {
	if last != j.lastAlert() && j.mutant != unfencedLog {
		return 0, errConflict
	}
	j.seq++
	j.alerts = append(j.alerts, placed{seq: j.seq, subject: subject, entry: e})
	return j.seq, nil
}

func (j *journal) alert(subject string) (deliver.Entry, error) {
	for i := len(j.alerts) - 1; i >= 0; i-- {
		if a := j.alerts[i]; a.subject == subject && !a.erased {
			return a.entry, nil
		}
	}
	return deliver.Entry{}, errNotFound
}

func (j *journal) eraseAlert(subject string) {
	for i := range j.alerts {
		if j.alerts[i].subject == subject {
			j.alerts[i].erased = true
		}
	}
}

// crash ends the log's server. What was answered is on disk, but in the lazy mutant.
func (j *journal) crash() {
	if j.mutant != lazy {
		return
	}
	kept := j.intake[:0]
	for _, d := range j.intake {
		if d.done || d.synced {
			kept = append(kept, d)
		}
	}
	j.intake = kept
}

const buried = ".gone"

func subjectOf(alert string, version int) string { return alert + "." + strconv.Itoa(version) }

func isBuried(subject string) bool { return strings.HasSuffix(subject, buried) }
