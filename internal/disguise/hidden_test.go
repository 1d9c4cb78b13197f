package disguise_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/gate"
	"isac/internal/disguise"
)

// ownNames are the words that organisations' names in Latin letters begin with, without
// those that are places.
func ownNames(orgs []hub.Organisation, least int) []string {
	var names []string
	seen := map[string]bool{}
	for _, o := range orgs {
		own, _, _ := strings.Cut(strings.ToLower(o.NameRomaji), " ")
		place := strings.EqualFold(own, o.MunicipalEN) || strings.EqualFold(own, o.PrefectureEN)
		if len(own) >= least && !place && !seen[own] && strings.Trim(own, "abcdefghijklmnopqrstuvwxyz") == "" {
			names, seen[own] = append(names, own), true
		}
	}
	return names
}

// TestEachSideAloneFindsHiddenNames: what names an organisation is found by either side in
// each way of hiding it; of digits for letters from six letters on, by sound or with a letter wrong from ten, else
// from eight.
func TestEachSideAloneFindsHiddenNames(t *testing.T) {
	s := newSides(t)
	each := max(1, int(number(t, "ISAC_WRITINGS", 0)/600))
	for _, way := range disguise.Hidings() {
		t.Run(way, func(t *testing.T) {
			least := 8
			switch {
			case strings.HasPrefix(way, "digits"):
				least = 6
			case way == "another voicing", way == "one letter wrong":
				least = 10
			}
			r := rand.New(rand.NewPCG(s.seed, uint64(len(way))))
			var missed [2]int
			tried := 0
			for _, name := range ownNames(s.orgs, least) {
				for range each {
					text := disguise.Hide(r, way, name)
					if strings.HasPrefix(way, "digits") && !strings.ContainsAny(strings.Replace(text, "2024", "", 1), "0123456789") && !strings.ContainsFunc(text, func(c rune) bool { return c >= '０' && c <= '９' }) {
						continue // no letter of it looks like a digit
					}
					if strings.Contains(text, name) {
						continue // no syllable of it has another voice, or the wrong letter is at its end
					}
					tried++
					passed, hits, err := s.gate.Check(indicator(text), nil)
					named := err == nil && !passed.Valid() && slices.ContainsFunc(hits, func(h gate.Hit) bool {
						return h.Source == gate.FromRegister && (h.Class == "name" || h.Class == "domain" || h.Class == "vendor")
					})
					for i, caught := range []bool{len(s.index.FindChosen(text)) > 0, named} {
						if !caught {
							if missed[i]++; missed[i] <= 5 {
								t.Errorf("%s: %s in %q", []string{"builder", "gate"}[i], name, text)
							}
						}
					}
				}
			}
			t.Logf("%d tried: missed by the builder %d, by the gate %d", tried, missed[0], missed[1])
			if tried < 100 {
				t.Errorf("only %d tried", tried)
			}
		})
	}
}

// indicator is the pattern of an indicator for a value.
func indicator(value string) []byte {
	pattern := "[x-thing:value = '" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "']"
	out, _ := json.Marshal(map[string]string{"type": "indicator", "pattern": pattern})
	return out
}
