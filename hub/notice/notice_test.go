package notice

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/stix"
	"isac/internal/locale"
)

var writer = Writer{Words: locale.Text, Zone: time.FixedZone("", 9*3600), Base: "https://hub.example.jp", Hub: "ISAC"}

// bundle is one that a hostile hub might write: its title would be two headers, and its
// sentences hold what its indicators say.
func bundle(t *testing.T, tlp hub.TLP) []byte {
	t.Helper()
	a := hub.Alert{Number: 1, ID: "0e7e2a57-7f5e-4d8c-9a6a-2c4f5e6d7a81", Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: tlp, Severity: hub.High, Published: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)}
	var refs, labels []any
	for _, r := range deliver.References(a, deliver.Proof{}, writer.Base, "") {
		refs = append(refs, r)
	}
	for _, l := range deliver.Labels(a) {
		labels = append(labels, l)
	}
	en := "Attack\r\nBcc: x@example.org\n\n# Summary\n- They came from 203.0.113.47 and evil.example <script>.\n- See https://evil.example/a?b and ftp://x.\n"
	ja := "攻撃\n\n■ 概要\n・203.0.113.47 と evil.example から。\n"
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.NameID("bundle", "x"), "objects": []any{
		stix.Object{"type": "indicator", "id": stix.NameID("indicator", "1"), "pattern": "[ipv4-addr:value = '203.0.113.47']"},
		stix.Object{"type": "indicator", "id": stix.NameID("indicator", "2"), "pattern": "[domain-name:value = 'evil.example']"},
		stix.Object{"type": "language-content", "id": stix.NameID("language-content", "1"), "contents": map[string]any{"en": map[string]any{"description": en}}},
		stix.Object{"type": "report", "id": "report--" + a.ID, "published": stix.FormatTime(a.Published), "description": ja + "\n\n" + en, "labels": labels, "external_references": refs},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNothingOfABundleIsLiveOrMarkup(t *testing.T) {
	n, err := Of(analysis.Default(), bundle(t, hub.TLPGreen))
	if err != nil {
		t.Fatal(err)
	}
	m := writer.Alert(n, "en")
	if strings.ContainsAny(m.Subject, "\r\n") || !strings.HasPrefix(m.Subject, "[High] Alert 1: Attack") {
		t.Errorf("subject %q", m.Subject)
	}
	if strings.Contains(m.HTML, "<script>") {
		t.Error("markup of the alert is markup of the mail")
	}
	for _, text := range []string{m.Text, m.HTML, writer.Alert(n, "ja").Text, string(writer.Payload(n, Slack, "en")), string(writer.Payload(n, Teams, "en")), string(writer.Payload(n, JSON, "en"))} {
		for _, live := range []string{"203.0.113.47", "evil.example", "https://evil", "ftp://"} {
			if strings.Contains(text, live) {
				t.Errorf("live %s in\n%s", live, text)
			}
		}
		if !strings.Contains(text, "203[.]0[.]113[.]47") {
			t.Errorf("the line is lost:\n%s", text)
		}
	}
}

func TestAmberSaysNothing(t *testing.T) {
	for _, tlp := range []hub.TLP{hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed} {
		n, err := Of(analysis.Default(), bundle(t, tlp))
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range []string{"ja", "en"} {
			m := writer.Alert(n, lang)
			d := writer.Digest([]Notice{n}, time.Time{}, lang)
			all := m.Subject + m.Text + m.HTML + d.Text + d.HTML
			for _, f := range Formats() {
				all += string(writer.Payload(n, f, lang))
			}
			for _, word := range []string{"203", "evil", "攻撃", "Attack"} {
				if strings.Contains(all, word) {
					t.Errorf("%s: %q was told", tlp, word)
				}
			}
			if !strings.Contains(m.Text, "https://hub.example.jp/alerts/") || !strings.Contains(m.Text, strings.ToUpper(strings.ReplaceAll(string(tlp), "-", "+"))) {
				t.Errorf("%s: says too little:\n%s", tlp, m.Text)
			}
		}
	}
}

func TestPayloadsAreWhatTheirReadersTake(t *testing.T) {
	n, err := Of(analysis.Default(), bundle(t, hub.TLPGreen))
	if err != nil {
		t.Fatal(err)
	}
	var own struct {
		Type, ID, Link string
		Number         int
		Severity       string
		Title          hub.Text
		Flash          map[string]map[string][]string
	}
	decode(t, writer.Payload(n, JSON, "ja"), &own)
	if own.Type != "alert" || own.Number != 1 || own.Severity != "high" || own.Link != "https://hub.example.jp/alerts/"+own.ID || own.Title.JA != "攻撃" || len(own.Flash["en"]["Summary"]) != 2 {
		t.Errorf("own format: %+v", own)
	}
	var slack struct {
		Text   string
		Blocks []struct{ Type string }
	}
	decode(t, writer.Payload(n, Slack, "ja"), &slack)
	if slack.Text == "" || len(slack.Blocks) < 4 || slack.Blocks[0].Type != "section" {
		t.Errorf("Slack: %+v", slack)
	}
	var teams struct {
		Type        string
		Attachments []struct {
			ContentType string
			Content     struct {
				Type, Version string
				Body          []struct{ Type string }
				Actions       []struct{ Type, URL string }
			}
		}
	}
	decode(t, writer.Payload(n, Teams, "ja"), &teams)
	if teams.Type != "message" || len(teams.Attachments) != 1 || teams.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" ||
		teams.Attachments[0].Content.Type != "AdaptiveCard" || teams.Attachments[0].Content.Actions[0].Type != "Action.OpenUrl" {
		t.Errorf("Teams: %+v", teams)
	}
	decode(t, writer.TestPayload(JSON, "ja"), &own)
	if own.Type != "test" {
		t.Errorf("a test says it is a %s", own.Type)
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	err := json.Unmarshal(data, into)
	if err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}
