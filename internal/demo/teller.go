package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
	"isac/internal/locale"
	"isac/internal/node"
)

// teller tells the story in Japanese and English, whatever the locale.
type teller struct {
	w   io.Writer
	err error
}

func (t *teller) print(format string, args ...any) {
	if t.err != nil {
		return
	}
	_, t.err = fmt.Fprintf(t.w, format, args...)
}

// say prints a text in both languages.
func (t *teller) say(key string, args ...string) {
	t.print("%s\n%s\n", locale.Text("ja", "demo."+key, args...), locale.Text("en", "demo."+key, args...))
}

// head begins a part.
func (t *teller) head(key string, args ...string) {
	t.print("\n━━ %s\n━━ %s\n\n", locale.Text("ja", "demo."+key, args...), locale.Text("en", "demo."+key, args...))
}

func (t *teller) begin(n *node.Node, members int, victim hub.Organisation) {
	t.head("title")
	t.say("members", fmt.Sprint(members))
	t.say("victim", victim.NameJA, victim.NameRomaji, victim.Municipality, victim.Beds)
}

func (t *teller) end(o told, full deliver.Entry, victim hub.Organisation, members int) {
	t.head("in")
	t.report(o.report)
	t.head("receipt")
	t.say("receipt-text", o.receipt.Number)
	t.head("left-out")
	t.classes(o)
	t.head("decided")
	t.say("decided-text", fmt.Sprint(len(o.view.Prose)))
	t.head("out", fmt.Sprint(full.Number))
	t.alert(full.Bundle)
	t.head("received")
	t.say("received-text", fmt.Sprint(members))
	t.proof(full.Bundle, victim)
}

// report shows what went in: the objects by type, and the prose with the name in it.
func (t *teller) report(report []byte) {
	b, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		t.err = err
		return
	}
	for _, o := range b.Objects {
		if o.Type() == "incident" {
			t.print("  %s\n\n%s\n", o.Str("name"), indent(o.Str("description")))
		}
	}
	t.print("\n  STIX 2.1: %s\n", counted(b.Objects))
}

// counted sums objects up by type.
func counted(objects []stix.Object) string {
	n := map[string]int{}
	var order []string
	for _, o := range objects {
		if n[o.Type()] == 0 {
			order = append(order, o.Type())
		}
		n[o.Type()]++
	}
	var parts []string
	for _, typ := range order {
		parts = append(parts, fmt.Sprintf("%s %d", typ, n[typ]))
	}
	return strings.Join(parts, ", ")
}

// classes shows what was left out, by class.
func (t *teller) classes(o told) {
	sums := map[string]int{}
	for _, c := range o.view.LeftOut {
		sums[string(c.Action)] += c.Count
	}
	for _, action := range []string{"left-out", "not-releasable", "read", "placed", "fact"} {
		if sums[action] > 0 {
			t.say("action-"+action, fmt.Sprint(sums[action]))
		}
	}
	t.print("\n")
	for _, c := range o.view.LeftOut {
		if c.Action == "left-out" && c.Rule != "regenerate" {
			t.print("    %-16s %-44s %-12s ×%d\n", c.Type, c.Pointer, c.Rule, c.Count)
		}
	}
}

// alert shows what came out, in both languages, and its techniques.
func (t *teller) alert(bundle []byte) {
	b, err := stix.ParseBundle(bundle, stix.DefaultLimits())
	if err != nil {
		t.err = err
		return
	}
	var techniques []string
	for _, o := range b.Objects {
		switch o.Type() {
		case "report":
			t.print("%s\n", indent(o.Str("description"))) // begins with the title
		case "attack-pattern":
			for _, ref := range o.Objs("external_references") {
				techniques = append(techniques, ref.Str("external_id")+" "+o.Str("name"))
			}
		}
	}
	t.print("\n  ATT&CK: %s\n  STIX 2.1: %s\n", strings.Join(techniques, ", "), counted(b.Objects))
}

// proof looks in the alert for what the report said of the victim.
func (t *teller) proof(bundle []byte, o hub.Organisation) {
	var decoded any
	t.err = first(t.err, json.Unmarshal(bundle, &decoded))
	text := strings.ToLower(string(bundle))
	for _, v := range []string{o.NameJA, o.NameKana, o.NameRomaji, o.AbbrJA, o.Domain, o.Municipality, o.Vendor, o.HostnamePrefix, o.Beds + "床", "みのり膳食", "早乙女", "2026-10-27"} {
		if v != "" && strings.Contains(text, strings.ToLower(v)) {
			t.err = first(t.err, fmt.Errorf("telling the story: the alert names the victim"))
			return
		}
	}
	t.say("proof")
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ")
}
