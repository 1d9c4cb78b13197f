package analysis

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
)

// Question returns the text of a closed question to the reporter by its id, as it
// stands in Missing, in the words of the profile's sector; p may be nil.
func (lib *Library) Question(id string, p *profile.Profile) (hub.Text, bool) {
	i := slices.IndexFunc(lib.questions, func(q question) bool { return q.ID == id })
	if i < 0 {
		return hub.Text{}, false
	}
	text := hub.Text{JA: lib.questions[i].JA, EN: lib.questions[i].EN}
	return fill(text, "{name}", lib.sector(p).Services), true
}

// Question returns the text of a closed question of the embedded library.
func Question(id string, p *profile.Profile) (hub.Text, bool) { return Default().Question(id, p) }

// sector returns the words of a profile's sector, or those for all others.
func (lib *Library) sector(p *profile.Profile) sector {
	if p != nil {
		if s, ok := lib.sectors[p.ID]; ok {
			return s
		}
	}
	return lib.sectors["default"]
}

// missing are the ids of the questions of this stage that no fact answers.
func (r *reading) missing() []string {
	var ids []string
	for _, q := range r.lib.questions {
		if r.several() && slices.Contains(ofVictim, q.ID) {
			continue
		}
		if (r.in.Stage != hub.Flash || q.Stage == hub.Flash) && !r.answered(q.ID) {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// questionIDs are the questions that facts can answer.
var questionIDs = []string{"route", "weakness", "steps", "family", "services", "leak", "backups", "action", "detect"}

// ofVictim are those about what one victim lost.
var ofVictim = []string{"services", "leak", "backups"}

// answered reports whether a question needs no answer: some fact fills its slot, or a case
// of this kind doesn't raise it.
func (r *reading) answered(id string) bool { return r.beside(id) || r.stated(id) }

// stated reports whether some fact fills the slot that a question asks about.
func (r *reading) stated(id string) bool {
	switch id {
	case "route":
		return r.sure("route:*") || r.sure("tactic:initial-access") || r.kind().NoEntry
	case "weakness":
		return r.sure("weakness:*")
	case "steps":
		sure := 0
		for _, f := range r.path {
			sure += min(1, f.Confidence.Score())
		}
		return sure >= 2
	case "family":
		return r.has("family:*") || !r.encrypts()
	case "services":
		return r.has("service:*")
	case "leak":
		return r.has("impact:leak-confirmed") || r.has("impact:leak-suspected") || r.has("impact:leak-not-confirmed")
	case "backups":
		return r.has("impact:backup-destroyed") || r.has("impact:backup-survived")
	case "action":
		return slices.ContainsFunc(r.lib.todo, func(a advice) bool {
			_, follows := r.earliest(a.For)
			return follows && a.When == "today" && !a.Fallback
		})
	case "detect":
		return slices.ContainsFunc(r.lib.logs, func(a advice) bool {
			_, follows := r.earliest(a.For)
			return follows
		})
	}
	return true
}

// encrypts reports whether it was ransomware.
func (r *reading) encrypts() bool { return r.kind().ID == "ransomware" }

// unknownLines say what isn't known, so that nobody takes silence for an answer.
func (r *reading) unknownLines(a Analysis) []hub.Text {
	var lines []hub.Text
	for _, q := range r.lib.questions {
		if slices.Contains(a.Missing, q.ID) {
			lines = append(lines, fill(r.word("slot.open"), "{name}", r.slot(q)))
		}
	}
	if r.openRoute() {
		lines = append(lines, r.word("unknown.first"))
	}
	if !r.beside("exfiltration") && !r.sure("tactic:exfiltration") && !r.sure("impact:leak-confirmed") {
		lines = append(lines, r.word("unknown.exfiltration"))
	}
	if r.rivals() {
		lines = append(lines, r.word("unknown.families"))
	}
	if r.jumbled {
		lines = append(lines, r.word("unknown.order"))
	}
	for _, f := range r.path {
		if _, known := r.technique(f.Value); !known {
			lines = append(lines, fill(r.word("unknown.technique"), "{name}", f.Value))
		}
	}
	if len(lines) == 0 {
		return []hub.Text{r.word("unknown.none")}
	}
	return append(lines, r.word("unknown.note"))
}

// openRoute reports whether some route is told that isn't confirmed: how it began is
// open then, even where a later part of the way is certain.
func (r *reading) openRoute() bool {
	return slices.ContainsFunc(r.of(hub.Route), func(f hub.Fact) bool {
		return f.Confidence.Score() > 0 && f.Confidence != hub.Confirmed
	})
}

// rivals reports whether more than one family that encrypts is named: one case
// rarely has two, so the reports contradict each other.
func (r *reading) rivals() bool {
	named := map[string]bool{}
	for _, f := range r.of(hub.Family) {
		if stem := r.encrypting(f.Value); stem != "" {
			named[stem] = true
		}
	}
	return len(named) > 1
}

// encrypting returns the name without version of a family that encrypts: one of
// the library's list, or one that leaves its own extension or note. It is "" for
// any other family.
func (r *reading) encrypting(family string) string {
	stem := strings.TrimRight(strings.ToLower(family), " .0123456789")
	if stem == "" || r.lib.families[strings.ToLower(family)] && !r.lib.families[stem] {
		stem = strings.ToLower(family)
	}
	if r.lib.families[stem] {
		return stem
	}
	for _, leaves := range []map[string]string{r.vocab.Extensions(), r.vocab.Notes()} {
		for _, of := range leaves {
			if of == family {
				return stem
			}
		}
	}
	return ""
}
