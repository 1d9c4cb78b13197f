package anonymize

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/prose"
	"isac/hub/stix"
)

// prose reads every text that the policy calls prose. Names that no vocabulary
// knew are read as well: people write sentences into them.
func (u *unit) prose() {
	claimed := map[string]bool{}
	for _, c := range u.claims {
		claimed[at(c.object, c.path)] = true
	}
	for _, l := range u.leaves {
		text := l.text()
		if text == "" || l.object < 0 || !u.isProse(l) || claimed[at(l.object, l.path)] {
			continue
		}
		if o := u.objects[l.object]; !revoked(o) && u.tells(o) {
			u.readSentences(l, text, o.Str("lang"))
		}
	}
	u.ask()
}

// isProse: descriptions, and names by which people say what they saw.
func (u *unit) isProse(l leaf) bool {
	return l.handling == Generate || l.handling == Vocabulary && (l.path == "name" || strings.HasPrefix(l.path, "aliases"))
}

// tells reports whether the prose of an object is about the attack that happened.
func (u *unit) tells(o stix.Object) bool {
	switch o.Type() {
	case "incident":
		return o.Extension(incidentCore).Str("determination") != "false-positive"
	case "event":
		return o.Str("status") != "not-occurred"
	case "indicator":
		return statesAttack(o)
	case "attack-pattern", "malware", "tool", "intrusion-set":
		return !catalogued(o)
	}
	return true
}

// catalogued reports whether an object is from a public catalogue: its text tells
// what such a thing can do anywhere, not what happened here.
func catalogued(o stix.Object) bool {
	for _, ref := range o.Objs("external_references") {
		name := strings.ToLower(ref.Str("source_name"))
		if strings.HasPrefix(name, "mitre") || catalogueNames[name] {
			return true
		}
	}
	return false
}

var catalogueNames = map[string]bool{"capec": true, "cve": true, "nvd": true, "malpedia": true, "misp-galaxy": true, "cwe": true}

func (u *unit) readSentences(l leaf, text, lang string) {
	var stated []prose.Found
	var hints []prose.Hint
	if l.path == "name" || strings.HasPrefix(l.path, "aliases") {
		stated = u.sentences.Name(text, lang)
	} else {
		stated, hints = u.sentences.Read(text, lang)
	}
	for _, found := range stated {
		f := found.Fact
		f.Source = hub.FromProse
		f.Confirmed = false
		if f.Class == hub.Indicator {
			v := check(f.Kind, f.Value)
			if !v.ok {
				continue
			}
			f.Value, f.Single = v.value, f.Single || v.single
			u.judge(f)
		}
		u.claims = append(u.claims, claim{
			fact: f, object: l.object, path: l.path, sentence: text[found.Start:found.End], bare: l.path == "name" || l.path == "abstract",
		})
	}
	for _, h := range hints {
		h.Fact.Source = hub.FromProse
		u.hints = append(u.hints, hint{h, claim{fact: h.Fact, object: l.object, path: l.path, sentence: text[h.Start:h.End]}})
	}
}

// hint is a fact that a sentence may state: a claim once its reporter says that it does.
type hint struct {
	prose.Hint
	claim claim
}

// ask chooses the hints that the reporter is asked about, whatever was answered before,
// and claims those that were answered with yes. The others are no claims: nothing of
// them goes on, and no "all" confirms them.
func (u *unit) ask() {
	told := map[string]bool{}
	for _, c := range u.claims {
		told[c.fact.Key()] = true
	}
	u.hints = slices.DeleteFunc(u.hints, func(h hint) bool { return prose.Told(told, h.Fact) || u.dropped[h.Fact.Key()] })
	u.hints = prose.BestHints(u.hints, func(h hint) prose.Hint { return h.Hint })
	u.hints = slices.DeleteFunc(u.hints, func(h hint) bool {
		key := h.Fact.Key()
		if slices.Contains(u.in.Answers.Confirmed, key) {
			u.claims = append(u.claims, h.claim)
			return true
		}
		return slices.Contains(u.in.Answers.Rejected, key)
	})
}
