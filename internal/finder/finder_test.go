package finder_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/find"
	"isac/hub/sector"
	"isac/hub/vocab"
	"isac/internal/finder"
	"isac/internal/store"
)

func row(number uint64, id string, names []store.NameRow, sentences []string, values ...string) store.AlertRow {
	r := store.AlertRow{Seq: number, Bundle: []byte("b"), Signature: []byte("s"), Names: names, Sentences: sentences}
	r.Alert = hub.Alert{Number: number, ID: id, Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: hub.TLPGreen, Severity: hub.High, Published: time.Date(2026, 10, 31, 20, 0, 0, 0, time.UTC)}
	for _, v := range values {
		r.Indicators = append(r.Indicators, store.IndicatorRow{StixID: "indicator--" + v, Type: "ipv4-addr:value", Value: v, ValidFrom: r.Published, ValidUntil: r.Published})
	}
	return r
}

func TestAnalystsFindReleasedAlerts(t *testing.T) {
	public, err := store.OpenPublic(filepath.Join(t.TempDir(), "public.db"), store.Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer public.Close()
	vpn, lockbit := []store.NameRow{{Class: "technique", Value: "T1133"}}, []store.NameRow{{Class: "family", Value: "LockBit"}, {Class: "cve", Value: "CVE-2018-13379"}}
	err = public.Put(t.Context(), []store.AlertRow{
		row(1, "a", vpn, []string{"病院のVPN装置から侵入された。", "Attackers came in through a VPN."}, "203.0.113.5", "198.51.100.7"),
		row(2, "b", lockbit, []string{"給食の委託事業者から侵入された。"}, "203.0.113.200"),
		row(3, "c", append(vpn, lockbit...), nil, "203.0.113.5"),
	})
	if err != nil {
		t.Fatal(err)
	}
	f := finder.New(public, vocab.Default(nil))
	ask := func(text string, only ...find.Name) []uint64 {
		t.Helper()
		found, err := f.Ask(t.Context(), find.Question{Text: text, Only: only}, finder.Page{Limit: 10})
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		return found.Numbers
	}
	for text, want := range map[string][]uint64{
		"病院": {1}, "侵入": {2, 1}, "給食 侵入": {2}, "給食 病院": nil, "院": {1}, "ｖｐｎ装置": {1}, "attack": {1}, `"through a VPN"`: {1}, `"a through"`: nil,
		"203[.]0[.]113[.]5": {3, 1}, "t1133": {3, 1}, "lockbit": {3, 2}, "cve-2018-13379": {3, 2}, "lockbit 203.0.113.5": {3}, "nothing": nil, "！": nil,
		"[ipv4-addr:value = '203.0.113.5']":                                      {3, 1},
		"[ipv4-addr:value IN ('198.51.100.7', '203.0.113.200')]":                 {2, 1},
		"[ipv4-addr:value = '203.0.113.5'] AND [ipv4-addr:value LIKE '198.%']":   {1},
		"[ipv4-addr:value ISSUBSET '203.0.113.128/25']":                          {2},
		"[ipv4-addr:value = '203.0.113.5' OR ipv4-addr:value = '203.0.113.200']": {3, 2, 1},
		"[domain-name:value = '203.0.113.5']":                                    nil,
		"[EXISTS ipv4-addr:value]":                                               {3, 2, 1},
	} {
		if got := ask(text); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", text, got, want)
		}
	}
	month := find.Name{Class: "month", Value: "2026-11"} // begins in Tokyo
	if got := ask("", month, find.Name{Class: "technique", Value: "T1133"}); !slices.Equal(got, []uint64{3, 1}) {
		t.Errorf("narrowed without a text: %v", got)
	}
	for text, want := range map[string]string{"[x": "search.bad-pattern", "[ipv4-addr:value != '1']": "search.open-pattern"} {
		_, err := f.Ask(t.Context(), find.Question{Text: text}, finder.Page{Limit: 1})
		if r := hub.RefusalOf(err); r == nil || r.Text != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	found, err := f.Ask(t.Context(), find.Question{Text: "侵入"}, finder.Page{Limit: 1})
	if err != nil || !found.More || found.Alerts != sector.Fewer || found.Facets["technique"][0].Alerts != sector.Fewer {
		t.Errorf("the first page: %+v, %v", found, err)
	}
	withdrawn := row(4, "a", nil, nil)
	withdrawn.Kind = hub.Withdrawn
	if err := public.Put(context.Background(), []store.AlertRow{withdrawn}); err != nil {
		t.Fatal(err)
	}
	if got := ask("侵入"); !slices.Equal(got, []uint64{2}) {
		t.Errorf("after a withdrawal: %v", got)
	}
}
