package anonymize

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/stix"
)

const westLarge = "region=west+size=from-200"

// TestCellIsNamedOnlyWhereItMayBe drafts random reports with random answers. A cell is
// named in full drafts alone, and never beside a fact that somebody outside could see;
// a draft that names none is the same bytes whatever the reason.
func TestCellIsNamedOnlyWhereItMayBe(t *testing.T) {
	a := smallAnonymizer(t)
	sentences := []string{
		"外来診療を停止した。", "電子カルテが使用不能となった。", "紙カルテでの運用に切り替えた。", "FortiGateを経由して侵入された可能性が高い。",
		"ファイルが暗号化された。", "LockBitによる攻撃であった。", "VPN装置の脆弱性CVE-2018-13379が悪用された。", "Mimikatzが使用された。", "RDPで他のサーバーへ侵入された。",
	}
	named, outside, refused := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(sentences), 1, 6, rapid.ID[string]).Draw(t, "sentences"), "")
		in := Input{Bundle: incidentSaying(t, text), Received: received, Answers: Answers{AllConfirmed: rapid.Bool().Draw(t, "confirmed")}}
		if rapid.Bool().Draw(t, "rejects") {
			in.Answers.Rejected = rapid.SliceOf(rapid.SampledFrom([]string{"cell", "cell:" + westLarge, "cell:region=east", "impact:outpatients-stopped", "tool:Mimikatz"})).Draw(t, "rejected")
		}
		in.Cell = rapid.SampledFrom([]string{"", westLarge, westLarge, westLarge, "region=north", "T1"}).Draw(t, "cell")
		with := drafted(t, a, in)
		facts := with.Full.Body().Facts
		seen := slices.ContainsFunc(facts, a.cfg.Profile.IsOutside)
		no := slices.ContainsFunc(in.Answers.Rejected, func(k string) bool { return strings.HasPrefix(k, "cell") })
		want := in.Cell == westLarge && !seen && !no
		if got := hasFact(facts, "cell:"+westLarge); got != want {
			t.Fatalf("the cell is named: %v, want %v", got, want)
		}
		page := with.Full.Body().Analysis
		if strings.Contains(page.Text("en"), "“western Japan”, “200 beds or more”") != want || strings.Contains(page.Text("ja"), "「西日本」「200 床以上」") != want {
			t.Fatal("the page and the facts differ")
		}
		if strings.Contains(string(with.Flash.Encode()), "western Japan") {
			t.Fatal("a flash names a cell")
		}
		if _, err := a.Decode(with.Full.Encode()); err != nil {
			t.Fatal(err)
		}
		in.Cell = ""
		if without := drafted(t, a, in); !want && !bytes.Equal(with.Full.Encode(), without.Full.Encode()) {
			t.Fatal("a reader can tell why no cell is named")
		}
		switch {
		case want:
			named++
		case seen:
			outside++
		case no:
			refused++
		}
	})
	if named == 0 || outside == 0 || refused == 0 {
		t.Errorf("named %d, outside %d, refused %d: the test shows little", named, outside, refused)
	}
}

func incidentSaying(t *rapid.T, text string) stix.Bundle {
	data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--4f1c0a52-0d0c-4e8e-9d2e-3a9f0c5a7b11", "objects": []any{map[string]any{
		"type": "incident", "spec_version": "2.1", "id": "incident--6a0c9f0a-5b1e-4c0e-9a53-1d2f3b4c5d6e",
		"created": "2026-09-13T01:02:03.000Z", "modified": "2026-09-13T01:02:03.000Z", "name": "障害", "description": text,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func drafted(t *rapid.T, a *Anonymizer, in Input) Pair {
	in.Random = seeded(4)
	pair, err := a.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// TestNoCellBesideWhatTheOutsideSees: a draft that was changed to name one isn't read.
func TestNoCellBesideWhatTheOutsideSees(t *testing.T) {
	a := smallAnonymizer(t)
	objects := append(linked("ipv4-addr", "value", "91.219.236.18"), one("tool", "name", "Mimikatz")...)
	d := draft(t, a, Input{Bundle: bundleOf(t, objects...), Cell: westLarge}).Full
	body := d.Body()
	if !hasFact(body.Facts, "cell:"+westLarge) {
		t.Fatal("the cell isn't named")
	}
	for why, change := range map[string]func(*Body){
		"an effect that the street sees": func(b *Body) {
			b.Facts = append(b.Facts, hub.Fact{Class: hub.Impact, Value: "outpatients-stopped", Confidence: hub.Confirmed, Source: hub.FromObject, Confirmed: true})
		},
		"two cells":                    func(b *Body) { b.Facts = append(b.Facts, b.Facts[len(b.Facts)-1]) },
		"in a flash":                   func(b *Body) { b.Stage = hub.Flash },
		"one that the profile doesn't": func(b *Body) { b.Facts[len(b.Facts)-1].Value = "region=north" },
		"in another order":             func(b *Body) { b.Facts[len(b.Facts)-1].Value = "size=from-200+region=west" },
	} {
		b := d.Body()
		change(&b)
		changed, err := seal(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Decode(changed.Encode()); err == nil {
			t.Errorf("%s: the draft is read", why)
		}
	}
	less, err := a.Without(d, []string{"cell:" + westLarge}, seeded(2))
	if err != nil || strings.Contains(string(less.Encode()), "western Japan") {
		t.Errorf("without the cell: %v, or it is still there", err)
	}
}
