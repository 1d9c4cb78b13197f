package analysis

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

// Verify returns the first thing that lib names and v doesn't know: a fact from which
// a line follows, a technique, a mitigation. Such a line would never be told. The
// error is a Fault.
func (lib *Library) Verify(v *vocab.Vocab) error {
	for file, list := range lib.advice() {
		for _, a := range list {
			if _, ok := v.Mitigation(a.Mitigation); a.Mitigation != "" && !ok {
				return lib.unknown(file, a.ID, a.Mitigation)
			}
			if key := lib.unknownKey(v, slices.Concat(a.For, a.Even)); key != "" {
				return lib.unknown(file, a.ID, key)
			}
		}
	}
	for _, s := range lib.scenes {
		if key := lib.unknownKey(v, slices.Concat(s.All, s.Any, s.Replaces, prefixed(s.Lets))); key != "" {
			return lib.unknown("scenes.toml", s.ID, key)
		}
	}
	for _, k := range lib.kinds {
		if key := lib.unknownKey(v, slices.Concat(k.If, k.With, k.Unless)); key != "" {
			return lib.unknown("kinds.toml", k.ID, key)
		}
		for _, id := range k.Beside {
			if !slices.Contains(questionIDs, id) && id != "malware" && id != "exfiltration" {
				return lib.unknown("kinds.toml", k.ID, id)
			}
		}
	}
	for file, c := range map[string]clauses{"weaknesses.toml": lib.weaknesses, "routes.toml": lib.routes, "techniques.toml": lib.techniques} {
		for _, one := range c.list {
			if key := lib.unknownKey(v, prefixed(slices.Concat(one.Lets, one.ToldBy))); key != "" {
				return lib.unknown(file, one.ID, key)
			}
		}
	}
	return nil
}

func (lib *Library) unknown(file, id, key string) error {
	return located(lib.from, &Fault{File: file, What: id + ": nothing is called " + key, key: id})
}

func prefixed(techniques []string) []string {
	var keys []string
	for _, id := range techniques {
		keys = append(keys, "technique:"+id)
	}
	return keys
}

// unknownKey returns the first of the keys that stands for nothing, or "".
func (lib *Library) unknownKey(v *vocab.Vocab, keys []string) string {
	for _, key := range keys {
		class, value, _ := strings.Cut(key, ":")
		ok := value == "*"
		switch class {
		case "tactic":
			_, ok = v.Tactic(value)
		case "kind":
			ok = slices.ContainsFunc(lib.kinds, func(k kind) bool { return k.ID == value })
		case "indicator":
			ok = ok || slices.Contains(indicatorKinds, hub.Kind(value))
		case "technique":
			technique, found := v.Technique(value)
			ok = found && technique.ID == value
		case "route", "weakness", "impact", "product":
			if !ok {
				_, ok = v.Label(hub.Class(class), value)
			}
		case "cve", "exploited", "unfixed", "encrypting", "service":
		default:
			ok = false
		}
		if !ok {
			return key
		}
	}
	return ""
}
