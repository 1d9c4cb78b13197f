package vocab

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"isac/hub"
)

// Name is one spelling of a family, group or tool, or the nickname of a CVE.
type Name struct {
	Class     hub.Class
	Spelling  string // as written in the table
	Canonical string
	// Ambiguous names are also places, persons, firms or common words, or too short
	// to stand alone. They count only beside a word such as "ransomware".
	Ambiguous bool
	// Vouched names stand alone in any case; other names that aren't ambiguous only
	// as the table writes them.
	Vouched bool
}

// nameTable is the names of families, groups and tools, and nicknames of CVEs.
type nameTable struct {
	all        []Name
	byKey      map[hub.Class]map[string]int
	extensions map[string]string
	notes      map[string]string
}

// loadNames reads the tables. The first spelling of a class to claim a key keeps
// it: names.csv, which is ours, stands before the others.
func loadNames() nameTable {
	t := nameTable{byKey: map[hub.Class]map[string]int{}, extensions: map[string]string{}, notes: map[string]string{}}
	a := loadAmbiguous()
	own := readCSV("names.csv", 5)
	for _, r := range own {
		t.add(a, hub.Class(r[0]), r[1], split(r[2]))
	}
	for _, r := range readCSV("groups.csv", 2) {
		t.add(a, hub.Group, r[0], split(r[1]))
	}
	for _, r := range readCSV("tools.csv", 2) {
		t.add(a, hub.Tool, r[0], split(r[1]))
	}
	for _, r := range readCSV("families.csv", 3) {
		if _, tool := t.byKey[hub.Tool][Key(r[0])]; tool {
			continue // some lists count remote tools among malware
		}
		t.add(a, hub.Family, r[0], split(r[1]))
		t.leave(t.extensions, r[0], split(r[2]))
	}
	for _, r := range own {
		t.leave(t.extensions, r[1], split(r[3]))
		t.leave(t.notes, r[1], split(r[4]))
	}
	slices.SortStableFunc(t.all, func(a, b Name) int { return strings.Compare(a.Spelling, b.Spelling) })
	t.index()
	return t
}

// add takes a name and its aliases, unless another name has claimed the spelling.
func (t *nameTable) add(a ambiguous, class hub.Class, name string, aliases []string) {
	if t.byKey[class] == nil {
		t.byKey[class] = map[string]int{}
	}
	keys := t.byKey[class]
	if at, ok := keys[Key(name)]; ok {
		name = t.all[at].Canonical
	}
	for _, s := range append([]string{name}, aliases...) {
		key := Key(s)
		if _, taken := keys[key]; taken || key == "" {
			continue
		}
		keys[key] = len(t.all)
		t.all = append(t.all, Name{class, s, name, a.is(s), a.vouched(s)})
	}
}

// leave records what a family leaves behind: extensions or names of notes.
func (t *nameTable) leave(into map[string]string, name string, marks []string) {
	at, ok := t.byKey[hub.Family][Key(name)]
	for _, m := range marks {
		if ok {
			into[strings.ToLower(m)] = t.all[at].Canonical
		}
	}
}

// index maps keys to the places of the names once they are sorted.
func (t *nameTable) index() {
	for i, n := range t.all {
		t.byKey[n.Class][Key(n.Spelling)] = i
	}
}

// Key folds a name for comparison: compatibility forms, case, spaces and
// punctuation make no difference.
func Key(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '$' || r == '+' {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(name))
}

// Names returns all spellings of families, groups and tools, and nicknames of CVEs.
func (v *Vocab) Names() []Name { return v.names.all }

// Canonical returns the one form of a name or id of a class, however it is
// written. It is false for what the vocabulary doesn't hold.
func (v *Vocab) Canonical(class hub.Class, name string) (string, bool) {
	switch class {
	case hub.Technique:
		t, ok := v.Technique(name)
		return t.ID, ok
	case hub.CVE:
		if at, ok := v.names.byKey[class][Key(name)]; ok {
			return v.names.all[at].Canonical, true
		}
		return CVE(name)
	case hub.Family, hub.Group, hub.Tool:
		at, ok := v.names.byKey[class][Key(name)]
		if !ok {
			return "", false
		}
		return v.names.all[at].Canonical, true
	}
	key := Key(name)
	for _, e := range v.entries[class] {
		if key != "" && (Key(e.ID) == key || Key(e.Label.EN) == key || Key(e.Label.JA) == key) {
			return e.ID, true
		}
	}
	return "", false
}

// Ambiguous reports whether the name of a family, group or tool is also something
// else, so that it counts only in the context of an attack. An unknown name is
// ambiguous.
func (v *Vocab) Ambiguous(class hub.Class, name string) bool {
	at, ok := v.names.byKey[class][Key(name)]
	return !ok || v.names.all[at].Ambiguous
}

// FamilyOfExtension returns the family that alone leaves files with an extension,
// ".lockbit".
func (v *Vocab) FamilyOfExtension(ext string) (string, bool) {
	name, ok := v.names.extensions[strings.ToLower(ext)]
	return name, ok
}

// FamilyOfNote returns the family that leaves a ransom note of this file name.
func (v *Vocab) FamilyOfNote(file string) (string, bool) {
	name, ok := v.names.notes[strings.ToLower(file)]
	return name, ok
}

// Notes returns the file names of ransom notes that name their family, in lower case.
func (v *Vocab) Notes() map[string]string { return v.names.notes }

// Extensions returns the file extensions that name their family, in lower case.
func (v *Vocab) Extensions() map[string]string { return v.names.extensions }

var cve = regexp.MustCompile(`^(?i)CVE-((?:19|20)\d\d)-(\d{4,7})$`)

// CVE returns a CVE id in its one form, "CVE-2018-13379"; false if it isn't one.
func CVE(id string) (string, bool) {
	id = strings.TrimSpace(id)
	if !cve.MatchString(id) {
		return "", false
	}
	return strings.ToUpper(id), true
}
