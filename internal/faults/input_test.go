package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/locale"
	"isac/internal/member"
)

// planted stands in every bad report of the table, where the report allows.
const planted = "akebono-sodium-77"

// heldOnly stands for a report that can be read but not worked through.
const heldOnly = "held"

// badReport is a report with one thing wrong. One that is no bundle is refused when
// it comes as it is; sealed it is a case whose reporter is told. One that can be read
// is a case with a problem, and goes on.
type badReport struct {
	name   string
	report string
	text   string // why it can't be read, "" when it can
	rule   string // of the problem that its reporter is told
}

func object(typ string, n int, more string) string {
	return fmt.Sprintf(`{"type":"%s","spec_version":"2.1","id":"%s--00000000-0000-4000-8000-%012d","created":"2026-05-12T01:02:03.000Z","modified":"2026-05-12T01:02:03.000Z"%s}`, typ, typ, n, more)
}

// bundleOf is a bundle with an incident of its own number and the objects.
func bundleOf(n int, objects ...string) string {
	objects = append(objects, object("incident", n, `,"name":"`+planted+`"`))
	return fmt.Sprintf(`{"type":"bundle","id":"bundle--00000000-0000-4000-8000-%012d","objects":[%s]}`, n, strings.Join(objects, ","))
}

func many(n int) []string {
	var list []string
	for i := range n {
		list = append(list, object("identity", 1000+i, `,"name":"a"`))
	}
	return list
}

func indicator(pattern string) string {
	return object("indicator", 1, `,"valid_from":"2026-05-12T01:02:03.000Z","pattern_type":"stix","pattern":"`+pattern+`"`)
}

func badReports() []badReport {
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	return []badReport{
		{"not JSON", planted + " is down", "stix.syntax", "stix.syntax"},
		{"nothing but spaces", "   \n", "stix.syntax", "stix.syntax"},
		{"JSON cut short", bundleOf(1)[:90], "stix.syntax", "stix.syntax"},
		{"two documents", bundleOf(2) + bundleOf(2), "stix.trailing-data", "stix.trailing-data"},
		{"no bundle", `{"type":"incident","name":"` + planted + `"}`, "stix.not-a-bundle", "stix.not-a-bundle"},
		{"a list", `["` + planted + `"]`, "stix.not-a-bundle", "stix.not-a-bundle"},
		{"duplicate keys", bundleOf(3, object("identity", 1, `,"name":"a","na\u006de":"`+planted+`"`)), "stix.duplicate-key", "stix.duplicate-key"},
		{"not UTF-8", bundleOf(4, object("identity", 1, ",\"name\":\"\xff"+planted+`"`)), "stix.not-utf8", "stix.not-utf8"},
		{"half a surrogate", bundleOf(5, object("identity", 1, `,"name":"\ud800`+planted+`"`)), "stix.surrogate", "stix.surrogate"},
		{"a number without end", bundleOf(6, object("identity", 1, `,"x_n":1e999`)), "stix.number-range", "stix.number-range"},
		{"depth 10,000 in lists", bundleOf(7, object("identity", 1, `,"x_deep":`+deep)), "stix.too-deep", "stix.too-deep"},
		{"depth 10,000 in objects", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), "stix.too-deep", "stix.too-deep"},
		{"more than 10,000 objects", bundleOf(8, many(10_000)...), "stix.too-many-objects", "stix.too-many-objects"},
		{"wrong type of a value", bundleOf(9, object("identity", 1, `,"name":["`+planted+`"]`)), "", "schema-type"},
		{"wrong type of a time", bundleOf(10, object("identity", 1, `,"name":"a","roles":{"`+planted+`":1}`)), "", "schema-type"},
		{"objects are no objects", bundleOf(11, `"`+planted+`"`, "null", "3"), "", "bundle-entry"},
		{"unknown type", bundleOf(12, object("sodium", 1, `,"name":"`+planted+`"`)), "", "type-unknown"},
		{"unknown property", bundleOf(13, object("identity", 1, `,"name":"a","sodium":"`+planted+`"`)), "", "property-unknown"},
		{"broken pattern", bundleOf(14, indicator("[domain-name:value = '"+planted+"'")), "", "pattern"},
		{"a pattern of 100,000 brackets", bundleOf(15, indicator(strings.Repeat("(", 100_000))), "", "pattern"},
		{"10,000 objects", bundleOf(16, many(9_999)...), "", ""},
		{"200,000 labels", bundleOf(18, object("identity", 1, `,"name":"a","labels":["a"`+strings.Repeat(`,"a"`, 199_999)+"]")), heldOnly, "stix.too-much"},
		{"10,000 wrong objects", bundleOf(17, slices.Repeat([]string{`{"type":"sodium"}`}, 9_999)...), "", "more"},
	}
}

// Whatever a report is, its reporter gets a clear answer in both languages, the
// others' reports go on, and nothing of it is told to anybody else.
func TestBadReports(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter := h.Person(0, hub.Reporter)
	conn := h.Dial(0)
	for _, b := range badReports() {
		t.Run(b.name, func(t *testing.T) {
			sentPlain(t, h, conn, b)
			c := sentSealed(t, h, conn, reporter, b)
			wantProblem(t, c, b)
		})
	}
	if strings.Contains(h.Log.String(), planted) || h.OnDisk(planted) {
		t.Error("what the reports said stands in the log or unsealed on disk")
	}
	other := h.Person(1, hub.Reporter)
	if _, _, err := h.Dial(1).Report(t.Context(), hubtest.Bundle(h.Members[1], "one", "1", "198.51.100.7")); err != nil {
		t.Fatal(err)
	}
	if c := h.Case(other, 1); c.Stages[0].State != string(review.Asking) {
		t.Errorf("another's good report is %s", c.Stages[0].State)
	}
}

// sentPlain sends the report as it is.
func sentPlain(t *testing.T, h *hubtest.Hub, conn *member.Conn, b badReport) {
	t.Helper()
	if b.text == "" || b.text == heldOnly {
		return
	}
	_, err := conn.Send(t.Context(), []byte(b.report))
	r := hub.RefusalOf(err)
	if r == nil || r.Text != b.text || r.Kind != hub.Invalid && r.Kind != hub.TooLarge {
		t.Fatalf("plain: answer %v, want %s", r, b.text)
	}
	wantText(t, r.Text, func(lang string) string { return locale.Error(lang, err) })
}

// wantText wants a text in both languages, without gaps and without the report's words.
func wantText(t *testing.T, key string, in func(lang string) string) {
	t.Helper()
	for _, lang := range []string{"ja", "en"} {
		text := in(lang)
		if text == "" || strings.HasPrefix(text, key) || strings.HasPrefix(text, "problem.") || strings.Contains(text, "{") || strings.Contains(text, planted) {
			t.Errorf("%s in %s is %q", key, lang, text)
		}
	}
}

// sentSealed sends the report sealed and returns the case that it makes.
func sentSealed(t *testing.T, h *hubtest.Hub, conn *member.Conn, who hubtest.Person, b badReport) conveyor.CaseView {
	t.Helper()
	ctx := context.Background()
	before, err := h.Desk.Cases(ctx, who.Person)
	if err != nil {
		t.Fatal(err)
	}
	receipt, _, err := conn.Report(ctx, []byte(b.report))
	if err != nil {
		t.Fatalf("sealed: %v", err)
	}
	var c conveyor.CaseView
	poll(t, "its case", func() bool {
		_, err := conn.Status(ctx, receipt.Number)
		if err != nil {
			return false
		}
		after, err := h.Desk.Cases(ctx, who.Person)
		i := slices.IndexFunc(after, func(id string) bool { return !slices.Contains(before, id) })
		if err != nil || i < 0 {
			return false
		}
		c, err = h.Desk.Case(ctx, who.Person, after[i])
		return err == nil && c.Stages[0].State != "waiting"
	})
	return c
}

func wantProblem(t *testing.T, c conveyor.CaseView, b badReport) {
	t.Helper()
	state := c.Stages[0].State
	if held := state == string(review.Held); held != (b.text != "") {
		t.Errorf("the flash is %s", state)
	}
	if b.rule == "" {
		return
	}
	i := slices.IndexFunc(c.Problems, func(p hub.Problem) bool { return strings.HasPrefix(p.Rule, b.rule) })
	if i < 0 {
		data, _ := json.Marshal(c.Problems)
		t.Fatalf("problems %s, want %s", bytes.TrimSpace(data[:min(len(data), 500)]), b.rule)
	}
	wantText(t, c.Problems[i].Rule, func(lang string) string { return locale.Problem(lang, c.Problems[i]) })
}
