package vocab

import (
	"slices"
	"strings"

	"isac/hub"
)

// Technique is one ATT&CK technique or sub-technique. NameJA is the English name
// where there is no Japanese one. Tactics are short names ("initial-access") in
// ATT&CK's order for the technique.
type Technique struct {
	ID, Name, NameJA string
	Tactics          []string
}

// Tactic is one column of the ATT&CK matrix. Order counts from 1 along an attack.
type Tactic struct {
	ID, Short string
	Name      hub.Text
	Order     int
}

// Mitigation is one ATT&CK mitigation.
type Mitigation struct {
	ID   string
	Name hub.Text
}

// attack is the ATT&CK tables.
type attack struct {
	techniques  []Technique
	byID        map[string]int
	revoked     map[string]string
	former      map[string][]string // the other way round, through all that came between
	tactics     []Tactic
	mitigations map[string]Mitigation
	mitigatedBy map[string][]string
}

func loadAttack() attack {
	a := attack{
		byID: map[string]int{}, revoked: map[string]string{},
		mitigations: map[string]Mitigation{}, mitigatedBy: map[string][]string{},
	}
	ja := map[string]string{}
	for _, r := range readCSV("techniques-ja.csv", 2) {
		ja[r[0]] = r[1]
	}
	for _, r := range readCSV("techniques.csv", 3) {
		t := Technique{ID: r[0], Name: r[1], NameJA: ja[r[0]], Tactics: split(r[2])}
		if t.NameJA == "" {
			t.NameJA = t.Name
		}
		a.byID[t.ID] = len(a.techniques)
		a.techniques = append(a.techniques, t)
	}
	for _, r := range readCSV("revoked-techniques.csv", 2) {
		a.revoked[r[0]] = r[1]
	}
	for i, r := range readCSV("tactics.csv", 4) {
		a.tactics = append(a.tactics, Tactic{ID: r[0], Short: r[1], Name: hub.Text{JA: r[3], EN: r[2]}, Order: i + 1})
	}
	for _, r := range readCSV("mitigations.csv", 3) {
		a.mitigations[r[0]] = Mitigation{ID: r[0], Name: hub.Text{JA: r[2], EN: r[1]}}
	}
	for _, r := range readCSV("technique-mitigations.csv", 2) {
		a.mitigatedBy[r[0]] = split(r[1])
	}
	a.former = a.formers()
	return a
}

// Technique returns the technique of an id in any case. A revoked id answers with
// the technique that replaced it.
func (a attack) Technique(id string) (Technique, bool) {
	id = strings.ToUpper(strings.TrimSpace(id))
	for range 4 {
		if i, ok := a.byID[id]; ok {
			return a.techniques[i], true
		}
		next, ok := a.revoked[id]
		if !ok {
			return Technique{}, false
		}
		id = next
	}
	return Technique{}, false
}

// Techniques returns all techniques by rising id.
func (a attack) Techniques() []Technique { return slices.Clone(a.techniques) }

// Tactics returns all tactics in the order of an attack.
func (a attack) Tactics() []Tactic { return slices.Clone(a.tactics) }

// Tactic returns the tactic of a short name, "initial-access".
func (a attack) Tactic(short string) (Tactic, bool) {
	for _, t := range a.tactics {
		if t.Short == short {
			return t, true
		}
	}
	return Tactic{}, false
}

// Mitigations returns the ids of the mitigations that answer a technique, with
// those of its parent where it has none of its own.
func (a attack) Mitigations(technique string) []string {
	t, ok := a.Technique(technique)
	if !ok {
		return nil
	}
	if own := a.mitigatedBy[t.ID]; len(own) > 0 {
		return slices.Clone(own)
	}
	parent, _, _ := strings.Cut(t.ID, ".")
	return slices.Clone(a.mitigatedBy[parent])
}

// Mitigation returns the mitigation of an id.
func (a attack) Mitigation(id string) (Mitigation, bool) {
	m, ok := a.mitigations[id]
	return m, ok
}
