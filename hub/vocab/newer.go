package vocab

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/profile"
)

// Attack is what a newer ATT&CK bundle says: laid over the tables of the program.
type Attack struct {
	Version     string              `json:"version"`    // "18.1"
	Techniques  []Technique         `json:"techniques"` // by rising id, none that is revoked or deprecated
	Revoked     map[string]string   `json:"revoked"`    // to what replaced them
	Mitigations map[string]string   `json:"mitigations"`
	MitigatedBy map[string][]string `json:"mitigated_by"`
}

// builtInAttack is the version of the program's own tables.
const builtInAttack = 18

// leastTechniques is fewer than any whole bundle has.
const leastTechniques = 400

var (
	techniqueID  = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	mitigationID = regexp.MustCompile(`^M\d{4}$`)
)

// attackObject is what is read of an object of an ATT&CK bundle.
type attackObject struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Revoked    bool   `json:"revoked"`
	Deprecated bool   `json:"x_mitre_deprecated"`
	Version    string `json:"x_mitre_version"`
	Relation   string `json:"relationship_type"`
	Source     string `json:"source_ref"`
	Target     string `json:"target_ref"`
	References []struct {
		Source string `json:"source_name"`
		ID     string `json:"external_id"`
	} `json:"external_references"`
	Phases []struct {
		Chain string `json:"kill_chain_name"`
		Phase string `json:"phase_name"`
	} `json:"kill_chain_phases"`
}

// mitre is the ATT&CK id of an object, "" where it has none.
func (o attackObject) mitre() string {
	for _, r := range o.References {
		if r.Source == "mitre-attack" {
			return r.ID
		}
	}
	return ""
}

// ReadAttack reads the STIX bundle of ATT&CK Enterprise that MITRE publishes. A broken
// or partial one and one that is older than the program's tables are refused.
func ReadAttack(data []byte) (Attack, error) {
	var b struct {
		Type    string         `json:"type"`
		Objects []attackObject `json:"objects"`
	}
	if err := json.Unmarshal(data, &b); err != nil || b.Type != "bundle" {
		return Attack{}, hub.E(hub.Invalid, "isacd.no-attack")
	}
	a := Attack{Revoked: map[string]string{}, Mitigations: map[string]string{}, MitigatedBy: map[string][]string{}}
	byID := map[string]attackObject{}
	for _, o := range b.Objects {
		byID[o.ID] = o
		switch id := o.mitre(); {
		case o.Type == "x-mitre-collection":
			a.Version = o.Version
		case o.Revoked || o.Deprecated:
		case o.Type == "attack-pattern" && techniqueID.MatchString(id):
			a.Techniques = append(a.Techniques, techniqueOf(o, id))
		case o.Type == "course-of-action" && mitigationID.MatchString(id):
			a.Mitigations[id] = plainName(o.Name)
		}
	}
	a.relate(b.Objects, byID)
	slices.SortFunc(a.Techniques, func(x, y Technique) int { return strings.Compare(x.ID, y.ID) })
	return a, a.check()
}

func techniqueOf(o attackObject, id string) Technique {
	t := Technique{ID: id, Name: plainName(o.Name)}
	for _, p := range o.Phases {
		if p.Chain == "mitre-attack" {
			t.Tactics = append(t.Tactics, p.Phase)
		}
	}
	return t
}

// plainName is a name in one line without what a page could take for more.
func plainName(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune("{}[]<>", r) {
			return ' '
		}
		return r
	}, s)), " ")
}

func (a *Attack) relate(objects []attackObject, byID map[string]attackObject) {
	for _, o := range objects {
		source, target := byID[o.Source].mitre(), byID[o.Target].mitre()
		switch {
		case o.Type != "relationship" || o.Revoked || o.Deprecated || source == "" || target == "":
		case o.Relation == "revoked-by" && techniqueID.MatchString(source) && techniqueID.MatchString(target) && source != target:
			a.Revoked[source] = target
		case o.Relation == "mitigates" && a.Mitigations[source] != "":
			a.MitigatedBy[target] = append(a.MitigatedBy[target], source)
		}
	}
	for id, list := range a.MitigatedBy {
		slices.Sort(list)
		a.MitigatedBy[id] = slices.Compact(list)
	}
}

func (a Attack) check() error {
	major, _, _ := strings.Cut(a.Version, ".")
	n, err := strconv.Atoi(major)
	ids := map[string]bool{}
	for _, t := range a.Techniques {
		if t.Name == "" || len(t.Tactics) == 0 || ids[t.ID] {
			return hub.E(hub.Invalid, "isacd.no-attack")
		}
		ids[t.ID] = true
	}
	switch {
	case err != nil || len(a.Techniques) < leastTechniques || len(a.Mitigations) == 0:
		return hub.E(hub.Invalid, "isacd.no-attack")
	case n < builtInAttack:
		return hub.E(hub.Invalid, "isacd.old-attack", strconv.Itoa(builtInAttack))
	}
	return nil
}

// With is Default with a newer ATT&CK laid over the tables: its techniques, what it
// revoked, its mitigations. Techniques that it has no more stay known, for what was
// drafted before; Japanese names stay. A zero Attack changes nothing.
func With(p *profile.Profile, newer Attack) *Vocab {
	v := Default(p)
	if len(newer.Techniques) == 0 {
		return v
	}
	v.attack = v.over(newer)
	data, err := json.Marshal(newer)
	if err != nil {
		panic("vocab: " + err.Error()) // never: strings alone
	}
	sum := sha256.Sum256(data)
	v.digest = hub.Sum(append(sum[:], v.digest.String()...))
	v.edition = newer.Version
	return v
}

// over returns the tables with those of a newer bundle over them.
func (a attack) over(newer Attack) attack {
	out := attack{
		byID: map[string]int{}, revoked: maps.Clone(a.revoked), tactics: a.tactics,
		mitigations: maps.Clone(a.mitigations), mitigatedBy: maps.Clone(a.mitigatedBy),
	}
	all := map[string]Technique{}
	for _, t := range a.techniques {
		all[t.ID] = t
	}
	for _, t := range newer.Techniques {
		had, known := all[t.ID]
		t.Tactics = slices.DeleteFunc(slices.Clone(t.Tactics), func(short string) bool { _, ok := a.Tactic(short); return !ok })
		t.NameJA = t.Name
		if known && had.NameJA != had.Name {
			t.NameJA = had.NameJA
		}
		if known && len(t.Tactics) == 0 {
			t.Tactics = had.Tactics
		}
		all[t.ID] = t
	}
	for _, id := range slices.Sorted(maps.Keys(all)) { // parents first
		if t := all[id]; len(t.Tactics) == 0 {
			t.Tactics = a.placed(id, all, newer.Revoked)
			all[id] = t
		}
	}
	for old, next := range newer.Revoked {
		if _, there := all[next]; there {
			delete(all, old)
			out.revoked[old] = next
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out.byID[id] = len(out.techniques)
		out.techniques = append(out.techniques, all[id])
	}
	for id, name := range newer.Mitigations {
		if _, known := out.mitigations[id]; !known {
			out.mitigations[id] = Mitigation{ID: id, Name: hub.Text{JA: name, EN: name}}
		}
	}
	maps.Copy(out.mitigatedBy, newer.MitigatedBy)
	out.former = out.formers()
	return out
}

// placed are the tactics of a new technique that stands under new tactics alone, which
// no page knows: those of what it replaced, or of its parent, else execution.
func (a attack) placed(id string, all map[string]Technique, revoked map[string]string) []string {
	for _, old := range slices.Sorted(maps.Keys(revoked)) {
		if t, known := a.Technique(old); known && revoked[old] == id {
			return t.Tactics
		}
	}
	parent, _, sub := strings.Cut(id, ".")
	if list := all[parent].Tactics; sub && len(list) > 0 {
		return list
	}
	return []string{"execution"}
}

// Former returns the revoked ids that a technique stands for now. The list is shared.
func (a attack) Former(id string) []string { return a.former[id] }

func (a attack) formers() map[string][]string {
	out := map[string][]string{}
	for _, old := range slices.Sorted(maps.Keys(a.revoked)) {
		if t, ok := a.Technique(old); ok {
			out[t.ID] = append(out[t.ID], old)
		}
	}
	return out
}
