package analysis

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestTextsInBothLanguages looks at every text of the library: both languages, the
// same placeholders, and none that nothing fills.
func TestTextsInBothLanguages(t *testing.T) {
	for _, p := range Default().pairs() {
		if err := p.check(); err != nil {
			t.Errorf("%s: %v", p.at, err)
		}
		if strings.ContainsAny(p.text.EN, "、。（）「」") {
			t.Errorf("%s: Japanese punctuation in the English text", p.at)
		}
		if p.clause && strings.HasSuffix(p.text.EN, ".") {
			t.Errorf("%s: a clause has no full stop", p.at)
		}
	}
}

// TestEveryKeyIsKnown looks up every fact that the library names.
func TestEveryKeyIsKnown(t *testing.T) {
	lib, v := Default(), vocab.Default(profile.HealthcareJP())
	if err := lib.Verify(v); err != nil {
		t.Error(err)
	}
	for class, c := range map[hub.Class]clauses{hub.Technique: lib.techniques, hub.Weakness: lib.weaknesses, hub.Route: lib.routes, hub.Impact: lib.impacts} {
		for _, one := range c.list {
			wantKeys(t, v, one.ID, append(prefixed(one.Lets), string(class)+":"+one.ID))
			if technique, ok := v.Technique(one.ID); class == hub.Technique && ok && one.Tactic != "" && !slices.Contains(technique.Tactics, one.Tactic) {
				t.Errorf("%s: ATT&CK doesn't put it under %s", one.ID, one.Tactic)
			}
		}
	}
	for i, tactic := range v.Tactics() {
		if lib.tactics.rank(tactic.Short) != i {
			t.Errorf("tactic %s: want place %d", tactic.Short, i)
		}
	}
}

func wantKeys(t *testing.T, v *vocab.Vocab, where string, keys []string) {
	t.Helper()
	if key := Default().unknownKey(v, keys); key != "" {
		t.Errorf("%s: nothing is called %s", where, key)
	}
}

// TestEveryValueIsTold wants a sentence for every closed id of the base
// vocabulary, and for routes, weaknesses and products something to do and check,
// but for products that nearly everybody has.
func TestEveryValueIsTold(t *testing.T) {
	lib, v := Default(), vocab.Default(nil)
	told := map[hub.Class]func(id string) bool{
		hub.Route:    func(id string) bool { _, ok := lib.routes.get(id); return ok },
		hub.Weakness: func(id string) bool { _, ok := lib.weaknesses.get(id); return ok },
		hub.Impact: func(id string) bool {
			_, ok := lib.impacts.get(id)
			return ok || slices.ContainsFunc(lib.scenes, func(s scene) bool { return slices.Equal(s.All, []string{"impact:" + id}) })
		},
		hub.Product: func(string) bool { return true },
	}
	for class, ok := range told {
		for _, e := range v.Entries(class) {
			key := string(class) + ":" + e.ID
			if !ok(e.ID) {
				t.Errorf("%s: no sentence", key)
			}
			if class == hub.Impact {
				continue
			}
			if !follows(lib.exposures, class, key) && !lib.everywhere[e.ID] {
				t.Errorf("%s: no \"you are exposed if\"", key)
			}
			if !follows(lib.todo, class, key) {
				t.Errorf("%s: nothing to do", key)
			}
			if class == hub.Route && !follows(lib.logs, class, key) {
				t.Errorf("%s: nothing to look for", key)
			}
		}
	}
	if n := len(lib.techniques.list); n < 60 {
		t.Errorf("%d techniques have a sentence, want 60", n)
	}
}

func follows(list []advice, class hub.Class, key string) bool {
	return slices.ContainsFunc(list, func(a advice) bool {
		return slices.Contains(a.For, key) || slices.Contains(a.For, string(class)+":*")
	})
}

// TestEncrypting knows families by list, version and what they leave.
func TestEncrypting(t *testing.T) {
	r := read(Input{})
	for family, want := range map[string]string{
		"LockBit": "lockbit", "LockBit 2.0": "lockbit", "8Base": "8base", "Emotet": "", "": "", "2.0": "",
	} {
		if have := r.encrypting(family); have != want {
			t.Errorf("%q: want %q, have %q", family, want, have)
		}
	}
}

// TestChecklistTopics wants every topic of a checklist to be one of an action.
func TestChecklistTopics(t *testing.T) {
	lib := Default()
	for id, s := range lib.sectors {
		for _, item := range s.Checklist {
			for _, topic := range item.Topics {
				if !slices.ContainsFunc(lib.todo, func(a advice) bool { return a.Topic == topic }) {
					t.Errorf("%s %s: no action has topic %s", id, item.ID, topic)
				}
			}
		}
	}
}

// TestIndicatorKindsHaveNames wants a name for every kind of indicator.
func TestIndicatorKindsHaveNames(t *testing.T) {
	for _, kind := range indicatorKinds {
		if Default().words["kind."+string(kind)].JA == "" {
			t.Errorf("no word for %s", kind)
		}
	}
}

// TestLoadRefuses changes one thing of the library and wants an error that names
// where.
func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want string }{
		{"a language missing", "routes.toml", `en = "the attackers [came in|come in] through a VPN appliance"`, ``, "route vpn-appliance"},
		{"another placeholder", "scenes.toml", "（{contractors}）", "（{cves}）", "scene all-contractors"},
		{"an unknown key", "actions.toml", `when = "today"`, `when = "today"` + "\nwho = \"you\"", "unknown key advice.who"},
		{"another time", "actions.toml", `when = "today"`, `when = "tomorrow"`, "want today, week or quarter"},
		{"an id twice", "weaknesses.toml", `id = "exposed-service"`, `id = "unpatched-device"`, "unpatched-device: twice"},
		{"a clause in the present", "impacts.toml", "サーバーが停止した", "サーバーが停止する", "impact servers-down"},
		{"no verb", "impacts.toml", "[went|gone]", "went", "impact servers-down"},
		{"not TOML", "kinds.toml", "[[kind]]", "[[kind", "kinds.toml"},
		{"advice for nothing", "detections.toml", `for = ["technique:T1021.006"]`, ``, "winrm"},
		{"an action that differs from alert to alert", "actions.toml", "をすべて書き出し、", "（{cves}）をすべて書き出し、", "actions.toml, line 24: action close-standing-connections: want the same placeholders"},
		{"a placeholder that nothing fills", "kinds.toml", `ja = "{noun}への不正侵入"
en = "Intrusion at {a_noun}"`, `ja = "{cves}"
en = "{cves}"`, "kind intrusion: nothing fills {cves}"},
		{"two lines", "impacts.toml", "サーバーが停止した", "サーバーが\\n停止した", "want one line"},
		{"a fixed sentence missing", "words.toml", `"open" = {`, `"opened" = {`, "no open"},
		{"a question that nothing answers", "questions.toml", `id = "leak"`, `id = "colour"`, "colour: no fact answers it"},
		{"no kind that always fits", "kinds.toml", `id = "attack"`, `id = "attack"` + "\nif = [\"cve:*\"]", "kinds.toml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(changed(t, c.file, c.old, c.new))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("want an error that names %q, have %v", c.want, err)
			}
		})
	}
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Fatal("want an error for an empty folder")
	}
}

// TestFaultsHaveLines wants the line of what is wrong, whichever way it is found.
func TestFaultsHaveLines(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, c := range []struct{ name, file, old, new string }{
		{"not TOML", "actions.toml", `when = "week"`, `when = week`},
		{"of another type", "actions.toml", `keep = true`, `keep = "yes"`},
		{"an unknown key", "actions.toml", `when = "week"`, `whenever = "week"`},
		{"an id twice", "weaknesses.toml", `id = "no-mfa"`, `id = "unpatched-device"`},
		{"a language missing", "scenes.toml", `en = "the device used to get in [was not updated]"`, ``},
		{"a fact that nothing is called", "detections.toml", `for = ["technique:T1021.006"]`, `for = ["technique:T9021.006"]`},
		{"an unknown mitigation", "actions.toml", `mitigation = "M1042"`, `mitigation = "M9042"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := changed(t, c.file, c.old, c.new)
			lib, err := Load(folder)
			if err == nil {
				err = lib.Verify(v)
			}
			f, ok := errors.AsType[*Fault](err)
			if !ok || f.File != c.file || f.Line == 0 {
				t.Fatalf("want a fault with file and line, have %v", err)
			}
			data, _ := fs.ReadFile(folder, c.file)
			lines := strings.Split(string(data), "\n")
			near := strings.Join(lines[max(0, f.Line-2):min(len(lines), f.Line+9)], "\n")
			if c.new != "" && !strings.Contains(near, c.new) {
				t.Errorf("line %d is far from what is wrong:\n%s", f.Line, near)
			}
		})
	}
}

// TestOverlay takes one file of a folder, and the rest as it is.
func TestOverlay(t *testing.T) {
	whole := changed(t, "actions.toml", "外部の事業者とつながっている接続をすべて書き出し", "事業者との接続をすべて一覧にし")
	data, err := fs.ReadFile(whole, "actions.toml")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := Overlay(fstest.MapFS{"actions.toml": {Data: data}, "README.md": {}})
	if err != nil {
		t.Fatal(err)
	}
	facts := []hub.Fact{{Class: hub.Route, Value: "contractor-link", Confidence: hub.Likely}}
	page := Write(Input{Stage: hub.Full, Facts: facts, Library: lib}).Text("ja")
	if !strings.Contains(page, "事業者との接続をすべて一覧にし") || strings.Contains(page, "書き出し、常時接続") {
		t.Errorf("the folder's sentence isn't told:\n%s", page)
	}
	own := func(texts []hub.Text) bool {
		return slices.ContainsFunc(texts, func(s hub.Text) bool { return strings.Contains(s.JA, "一覧にし、常時接続") })
	}
	if !own(lib.Texts(nil)) || own(Default().Texts(nil)) {
		t.Error("the hub's own texts aren't those of its library")
	}
	for name, folder := range map[string]fs.FS{
		"an empty folder":  fstest.MapFS{},
		"a misspelt name":  fstest.MapFS{"action.toml": {Data: data}},
		"a file cut short": fstest.MapFS{"actions.toml": {Data: data[:len(data)/2]}},
	} {
		if _, err := Overlay(folder); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// changed is the embedded library with one change of one file.
func changed(t *testing.T, file, from, to string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(files, "data/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		short := strings.TrimPrefix(name, "data/")
		if short == file {
			if !strings.Contains(string(data), from) {
				t.Fatalf("%s doesn't hold what the case changes", file)
			}
			data = []byte(strings.Replace(string(data), from, to, 1))
		}
		out[short] = &fstest.MapFile{Data: data}
	}
	return out
}

// TestEnglish puts confidences into clauses.
func TestEnglish(t *testing.T) {
	for _, c := range []struct{ clause, likely, possible string }{
		{"the attackers [stole|stolen] data", "the attackers likely stole data", "the attackers may have stolen data"},
		{"the attackers [dumped] credentials", "the attackers likely dumped credentials", "the attackers may have dumped credentials"},
		{"files [were encrypted]", "files were likely encrypted", "files may have been encrypted"},
		{"data [was taken] out", "data was likely taken out", "data may have been taken out"},
		{"one password [was not used] here", "one password was likely not used here", "one password may not have been used here"},
	} {
		have := fmt.Sprint(english(c.clause, hub.Likely), "|", english(c.clause, hub.Possible))
		if want := c.likely + "|" + c.possible; have != want {
			t.Errorf("want %s, have %s", want, have)
		}
	}
}

// TestTextsHoldEveryPage wants each line of a page to be made of pieces of Texts,
// but for ids and names.
func TestTextsHoldEveryPage(t *testing.T) {
	p := profile.HealthcareJP()
	pieces := Default().Texts(p)
	slices.SortFunc(pieces, func(a, b hub.Text) int { return len(b.JA) - len(a.JA) })
	a := Write(Input{Stage: hub.Full, Profile: p, Facts: []hub.Fact{
		{Class: hub.Route, Value: "vpn-appliance", Confidence: hub.Likely},
		{Class: hub.Route, Value: "contractor-link", Confidence: hub.Possible},
		{Class: hub.Weakness, Value: "standing-connection", Confidence: hub.Confirmed},
		{Class: hub.Technique, Value: "T1486", Confidence: hub.Possible},
	}})
	for _, s := range a.Sections {
		for _, line := range s.Lines {
			rest := line.JA
			for _, piece := range pieces {
				if len([]rune(piece.JA)) > 3 {
					rest = strings.ReplaceAll(rest, strings.TrimSuffix(piece.JA, "。"), "")
				}
			}
			if len([]rune(rest)) > 30 {
				t.Errorf("%s: Texts doesn't hold %q", s.ID, rest)
			}
		}
	}
	for _, piece := range pieces {
		if strings.ContainsAny(piece.JA+piece.EN, "{}") {
			t.Errorf("not filled: %v", piece)
		}
	}
}
