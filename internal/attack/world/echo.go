package world

import (
	"math/rand/v2"
	"slices"
	"strings"

	"isac/internal/disguise"
)

// An echo is an identifier inside of something that looks like the attacker's: the
// way by which one comes out although no sentence does.
type echo struct {
	identifier Identifier
	text       string // as it is written there
	carrier    string
}

// carriers are the properties of attackers' things that can hold a text.
var carriers = []string{
	"url", "url-query", "file", "command", "subject", "agent", "registry-key", "registry-value", "mutex", "service", "directory", "domain", "mail",
	"pattern", "like", "malware", "tool", "group", "campaign", "technique", "label", "phase", "custom", "key", "reference", "account", "certificate",
}

// latinOnly are carriers that hold a name of the network.
var latinOnly = map[string]bool{"domain": true, "mail": true}

// drawEchoes draws two to four. Half of them are disguised.
func (in *Incident) drawEchoes(r *rand.Rand, w *World) []echo {
	list := w.Identifiers(*in)
	if w.Only != nil {
		list = slices.DeleteFunc(list, func(i Identifier) bool { return !slices.Contains(w.Only, i.Kind) })
	}
	if len(list) == 0 {
		return nil
	}
	var out []echo
	for range 2 + r.IntN(3) {
		e := echo{identifier: pick(r, list), carrier: pick(r, carriers)}
		e.text = e.identifier.Value
		if latinOnly[e.carrier] {
			e.text = label(e.text)
			if len(e.text) < 4 {
				continue
			}
		} else if r.IntN(2) == 0 {
			e.text, _ = disguise.Respell(r, e.identifier.form, e.text)
			e.text, _ = disguise.Encode(r, e.identifier.form, e.text, r.IntN(3))
		}
		out = append(out, e)
	}
	return out
}

// label makes of a text what can stand in a host name, "" where nothing can.
func label(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case strings.ContainsRune(" .@-:_/", r):
			return '-'
		}
		return -1
	}, s)
	if strings.Trim(s, "0123456789-") == "" {
		return ""
	}
	return strings.Trim(s, "-")
}
