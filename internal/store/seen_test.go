package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"isac/hub"
)

// Every query of who may read some labels alone answers as if nothing else had been
// released: a view of everything is asked beside a view that never had the rest.
func TestSeenIsAsIfNothingElseWereThere(t *testing.T) {
	open := func() *Public {
		p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		return p
	}
	all, some := open(), open()
	exported := func(p *Public, byValue bool) (out []string, err error) {
		err = p.EachIndicator(t.Context(), ExportQuery{ByValue: byValue}, func(r ExportRow) error {
			out = append(out, fmt.Sprint(r.Number, r.Value))
			return nil
		})
		return out, err
	}
	labels := []hub.TLP{hub.TLPClear, hub.TLPGreen}
	for n, label := range []hub.TLP{hub.TLPGreen, hub.TLPAmber, hub.TLPClear, hub.TLPAmberStrict, hub.TLPGreen} {
		row := labelled(uint64(n+1), label)
		row.Title, row.Sentences = hub.Text{JA: "題", EN: "title"}, []string{"said " + string(label)}
		row.Names = []NameRow{{"technique", "T1133"}}
		for _, v := range []string{"both.example", string(label) + ".example"} {
			row.Indicators = append(row.Indicators, IndicatorRow{StixID: "i " + v, Type: string(hub.Domain), Value: v, ValidUntil: row.Published})
		}
		put(t, all, row)
		if slices.Contains(labels, label) {
			put(t, some, row)
		}
	}
	tightened := labelled(6, hub.TLPAmber) // a version that fewer may read than the one before
	tightened.ID, tightened.Version = "1", 2
	put(t, all, labelled(7, hub.TLPAmber), tightened)
	gone := labelled(6, hub.TLPGreen)
	gone.ID, gone.Version, gone.Kind = "1", 2, hub.Withdrawn
	put(t, some, gone)
	seen := all.Seen(labels)
	defer seen.Close()
	values := []string{"both.example", "amber.example", "amber-strict.example", "green.example", "clear.example"}
	for name, ask := range map[string]func(*Public) (any, error){
		"by value": func(p *Public) (any, error) {
			return valuesOf(p.Indicators(t.Context(), IndicatorQuery{Values: values}))
		},
		"all":    func(p *Public) (any, error) { return valuesOf(p.Indicators(t.Context(), IndicatorQuery{})) },
		"of one": func(p *Public) (any, error) { return valuesOf(p.Indicators(t.Context(), IndicatorQuery{Number: 2})) },
		"names":  func(p *Public) (any, error) { return p.NamesOf(t.Context(), 4) },
		"value":  func(p *Public) (any, error) { return p.WithValue(t.Context(), "", "both.example") },
		"beginning": func(p *Public) (any, error) {
			return p.WithPrefix(t.Context(), string(hub.Domain), "amber", func(string) bool { return true })
		},
		"known":      func(p *Public) (any, error) { return p.Known(t.Context(), values) },
		"buckets":    func(p *Public) (any, error) { return p.Buckets(t.Context(), 1) },
		"indicator":  func(p *Public) (any, error) { return p.HasIndicator(t.Context(), "i amber.example") },
		"by arrival": func(p *Public) (any, error) { return exported(p, false) },
		"in order":   func(p *Public) (any, error) { return exported(p, true) },
	} {
		got, err := ask(seen)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want, err := ask(some)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v, %v", name, got, want, err)
		}
	}
	list, err := seen.Alerts(t.Context(), AlertQuery{})
	if err != nil || len(list) != 2 || list[0].ID != "5" || list[1].ID != "3" {
		t.Errorf("alerts: %d, %v", len(list), err)
	}
	for _, id := range []string{"1", "2", "4", "7"} {
		if _, err := seen.Alert(t.Context(), id); hub.KindOf(err) != hub.NotFound {
			t.Errorf("alert %s: %v", id, err)
		}
	}
	named, err := seen.Named(t.Context(), 0, 10)
	if err != nil || len(named) != 2 {
		t.Errorf("named: %v, %v", named, err)
	}
	searched, err := seen.Searched(t.Context(), 0, 10)
	if err != nil || len(searched) != 2 || len(searched[0].Sentences) != 1 {
		t.Errorf("searched: %v, %v", searched, err)
	}
	newest, err := seen.Newest(t.Context())
	if err != nil || newest != 5 {
		t.Errorf("the newest is %d, %v", newest, err)
	}
	if err := seen.Put(t.Context(), []AlertRow{labelled(9, hub.TLPGreen)}); err == nil {
		t.Error("what is read by some is written to")
	}
}

func put(t *testing.T, p *Public, rows ...AlertRow) {
	t.Helper()
	err := p.Put(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
}

func valuesOf(rows []IndicatorRow, err error) ([]string, error) {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.Number, r.Value))
	}
	return out, err
}
