package simulation

import (
	"bytes"
	"crypto/ed25519"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
)

const hour = time.Hour

// check looks at the log when everything is at rest.
func (w *world) check() {
	if w.problem != "" {
		return
	}
	cases := w.checkCases()
	if w.problem != "" {
		return
	}
	w.checkReceipts(cases)
	w.checkDecisions()
	w.checkChain()
	w.checkAlerts(cases)
}

// checkCases folds every case from the log alone; all nodes know the same.
func (w *world) checkCases() map[string]*review.Case {
	out := map[string]*review.Case{}
	for id, list := range w.log.cases {
		var events []review.Event
		for _, m := range list {
			events = append(events, m.events...)
		}
		c, err := review.Fold(events)
		if err != nil {
			w.fail("%s doesn't fold: %v", id, err)
			return nil
		}
		out[id] = c
		for _, n := range w.nodes {
			if f := n.cases[id]; f == nil || f.fold.Outline() != c.Outline() {
				w.fail("%s knows another %s than the log", n.name, id)
			}
		}
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			switch p := c.Phase(s); p {
			case review.Scheduled, review.Releasing, review.Withdrawing, review.Recalling:
				w.fail("the %s of %s is lost: it stays %s", s, id, p)
			}
		}
	}
	w.count.cases += len(out)
	return out
}

// checkReceipts wants a case for each receipt that was answered, one for each incident.
func (w *world) checkReceipts(cases map[string]*review.Case) {
	w.count.receipts += len(w.receipts)
	of := map[string]string{}
	for id, c := range cases {
		seen := map[string]bool{}
		for _, r := range c.Reports() {
			incident, _, _ := strings.Cut(r.Number, " receipt ")
			if have, ok := of[incident]; ok && have != id {
				w.fail("%s has two cases", incident)
			}
			of[incident] = id
			if seen[r.Number] {
				w.fail("%s has a report twice", id)
			}
			seen[r.Number] = true
		}
	}
	for number, incident := range w.receipts {
		id := w.log.links[number]
		if id == "" || of[incident] != id {
			w.fail("%s has no case", number)
		}
	}
}

// checkDecisions wants every approval that was answered to stand in the log.
func (w *world) checkDecisions() {
	for id, reviews := range w.decided {
		for _, r := range reviews {
			if !w.stands(id, r) {
				w.fail("an approval in %s was answered and is lost", id)
			}
		}
	}
}

func (w *world) stands(id, seat string) bool {
	for _, m := range w.log.cases[id] {
		for _, e := range m.events {
			if e.Kind == review.KindApproved && bytes.Contains(e.Data, []byte(seat)) {
				return true
			}
		}
	}
	return false
}

// checkChain wants one chain of numbers and digests, each entry signed, each version of
// an alert once and after the one before it.
func (w *world) checkChain() {
	key := alertKey.Public().(ed25519.PublicKey)
	var chain deliver.Chain
	versions, seen := map[string]int{}, map[string]bool{}
	for _, a := range w.log.alerts {
		e := a.entry
		if isBuried(a.subject) {
			continue
		}
		if a.erased {
			if _, err := w.log.alert(a.subject + buried); err != nil {
				w.fail("entry %d is gone without a tombstone", e.Number)
			}
		}
		var err error
		chain, err = chain.Next(e)
		if err != nil {
			w.fail("the alert log: %v", err)
			return
		}
		if !ed25519.Verify(key, e.Bundle, e.Signature) || hub.Sum(e.Bundle) != e.Digest {
			w.fail("entry %d isn't signed", e.Number)
		}
		name := e.ID + " " + strconv.Itoa(e.Version)
		if seen[name] || e.Version != versions[e.ID]+1 {
			w.fail("entry %d is a double, or out of order in its case", e.Number)
		}
		seen[name], versions[e.ID] = true, e.Version
	}
	for _, a := range w.sent {
		if !seen[a.ID+" "+strconv.Itoa(a.Version)] {
			w.fail("an alert was sent that the log doesn't have")
		}
	}
	w.count.alerts += len(seen)
}

// checkAlerts wants each entry to be of a case that knows it, and two organisations to
// have signed for exactly what was released.
func (w *world) checkAlerts(cases map[string]*review.Case) {
	newest := map[string]hub.Alert{}
	for _, a := range w.log.alerts {
		if isBuried(a.subject) {
			continue
		}
		newest[a.entry.ID] = a.entry.Alert
		if k := a.entry.Kind; k.Back() {
			w.count.recalls++
			continue
		}
		if draft := w.of[a.entry.Digest]; len(w.signed[draft]) < 2 {
			w.fail("entry %d went out with the approvals of %d", a.entry.Number, len(w.signed[draft]))
		}
	}
	for _, c := range cases {
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			out, ok := c.Out(s)
			have, is := newest[c.AlertID(s)]
			if ok != is || ok && out.Alert.Digest != have.Digest {
				w.fail("a case and the alert log differ on what is out")
			}
			delete(newest, c.AlertID(s))
		}
	}
	if len(newest) > 0 {
		w.fail("%d alerts are of no case", len(newest))
	}
}
