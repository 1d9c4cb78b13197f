package analysis

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

// What one fact says besides itself, so that no part of the page is silent on what
// another part tells.
var (
	// ways are the techniques of ATT&CK that are one entry route and no other.
	ways = map[string]string{
		"T1566": "phishing-mail", "T1091": "removable-media", "T1195": "software-supply-chain", "T1199": "contractor-link",
	}
	// damage is what techniques of the tactic impact come to.
	damage = map[string]string{
		"T1486": "files-encrypted", "T1485": "data-destroyed",
	}
)

// follow adds the facts that follow from others, and takes away the weakness that one
// of them denies: not all backups were within reach where some survived.
func follow(facts []hub.Fact, v *vocab.Vocab) []hub.Fact {
	has := func(class hub.Class, value string) bool {
		return slices.ContainsFunc(facts, func(f hub.Fact) bool {
			return f.Class == class && (value == "" || f.Value == value) && f.Confidence.Score() > 0
		})
	}
	out := slices.Clone(facts)
	add := func(class hub.Class, value string, f hub.Fact) {
		if value != "" && !has(class, value) {
			out = append(out, hub.Fact{Class: class, Value: value, Confidence: f.Confidence, Source: f.Source, Confirmed: f.Confirmed})
		}
	}
	for _, f := range facts {
		if product, known := v.ProductOf(f.Value); f.Class == hub.CVE && known && f.Confidence.Score() > 0 {
			add(hub.Product, product, f)
		}
		if f.Class != hub.Technique || f.Confidence.Score() == 0 {
			continue
		}
		parent, _, _ := strings.Cut(f.Value, ".")
		if !has(hub.Route, "") {
			add(hub.Route, ways[parent], f)
		}
		add(hub.Impact, damage[parent], f)
	}
	if has(hub.Impact, "backup-survived") {
		out = slices.DeleteFunc(out, func(f hub.Fact) bool { return f.Class == hub.Weakness && f.Value == "online-only-backup" })
	}
	return out
}
