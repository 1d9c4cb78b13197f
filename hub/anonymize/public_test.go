package anonymize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"isac/internal/beside"
)

// TestVeris: nothing that its collectors listed of 18 real incidents comes out.
func TestVeris(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "veris-healthcare", "stix", "*.expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		beside.Lacks(t, "a folder of real incidents")
	}
	a := wholeAnonymizer(t)
	for n, file := range files {
		report, err := os.ReadFile(strings.TrimSuffix(file, ".expect.json") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var expect struct {
			Never []string `json:"must_not_appear"`
			Must  []string `json:"must_survive"`
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &expect); err != nil {
			t.Fatal(err)
		}
		pair := draft(t, a, Input{Bundle: parse(t, report), Answers: Answers{AllConfirmed: true}})
		out := outside(pair)
		for i, s := range expect.Never {
			if appears(out, s) {
				t.Errorf("incident %d: entry %d of must_not_appear is in a draft", n, i)
			}
		}
		for i, s := range expect.Must {
			if !appears(out, s) {
				t.Errorf("incident %d: entry %d of must_survive isn't in a draft", n, i)
			}
		}
	}
}

// appears is the matching rule of that collection.
func appears(text, s string) bool {
	length := utf8.RuneCountInString(s)
	if length > 5 || strings.ToUpper(s) != s || !strings.ContainsFunc(s, unicode.IsLetter) {
		text, s = strings.ToLower(text), strings.ToLower(s)
	}
	for from := 0; ; {
		i := strings.Index(text[from:], s)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(s)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
		if length >= 10 || !word(before) && !word(after) {
			return true
		}
		from = start + 1
	}
}

// TestPublicCase: the public report of a ministry gives the method, and nothing that
// tells whose it was.
func TestPublicCase(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(shared, "seed", "mhlw-2022-12-15-first-response.txt"))
	if err != nil {
		beside.Lacks(t, "the public report")
	}
	id := "identity--7d1c5f0a-54a1-4b5f-8a6a-0b8f3a5e9c21"
	b := bundleOf(t,
		map[string]any{
			"type": "identity", "spec_version": "2.1", "id": id, "created": "2022-12-15T00:00:00.000Z", "modified": "2022-12-15T00:00:00.000Z",
			"name": "地方独立行政法人大阪府立病院機構 大阪急性期・総合医療センター", "identity_class": "organization",
		},
		map[string]any{
			"type": "incident", "spec_version": "2.1", "id": "incident--0b8e7a66-8d6e-4d43-a2ce-5d6e0a8b9f42", "created_by_ref": id,
			"created": "2022-12-15T00:00:00.000Z", "modified": "2022-12-15T00:00:00.000Z", "lang": "ja",
			"name": "大阪急性期・総合医療センターのランサムウェア感染", "description": string(text),
		},
	)
	pair := draft(t, wholeAnonymizer(t), Input{Bundle: b, Answers: Answers{AllConfirmed: true}})
	out := outside(pair)
	for _, s := range []string{
		"大阪", "急性期", "府立病院機構", "865", "831", "2022-10-31", "2022年10月31日", "10月31日", "11月7日", "給食", "調理", "22.3万", "646", "1,268", "29.5",
		"ソフトウェア協会", "厚生労働省", "基幹災害",
	} {
		if appears(out, s) {
			t.Errorf("%q came out", s)
		}
	}
	facts := pair.Full.Body().Facts
	for _, key := range []string{"technique:T1486", "route:contractor-link", "impact:records-system-down", "quarter:2022-Q4"} {
		if !hasFact(facts, key) {
			t.Errorf("%s is missing; have\n%s", key, keysOf(facts))
		}
	}
	if !hasFact(facts, "technique:T1133") && !hasFact(facts, "route:vpn-appliance") {
		t.Errorf("the VPN appliance is missing; have\n%s", keysOf(facts))
	}
}
