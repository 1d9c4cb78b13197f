package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/feedback"
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
	for _, p := range []*Public{all, some} {
		err := p.PutTold(t.Context(), 1, []feedback.Count{{Topic: feedback.OfIndicator("i green.example"), Answer: feedback.Seen, AtLeast: 5}, {Topic: feedback.OfAlert("3"), Answer: feedback.Seen, AtLeast: 5}, {Topic: feedback.OfQuestion("5", "x"), Answer: feedback.Seen, AtLeast: 5}})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := all.PutTold(t.Context(), 2, append(told(t, some), feedback.Count{Topic: feedback.OfIndicator("i amber.example"), Answer: feedback.Seen, AtLeast: 5}, feedback.Count{Topic: feedback.OfAlert("2"), Answer: feedback.Seen, AtLeast: 5}, feedback.Count{Topic: feedback.OfQuestion("2", "x"), Answer: feedback.Seen, AtLeast: 5}))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(told(t, seen)), fmt.Sprint(told(t, some)); got != want || len(told(t, seen)) != 3 {
		t.Errorf("told: %s, want %s", got, want)
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

func told(t *testing.T, p *Public) []feedback.Count {
	t.Helper()
	list, err := p.Told(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What somebody may not read leaves no trace in the stamp of what she may; what she may
// changes it, by coming as by going.
func TestAStampTellsNothingOfWhatIsHidden(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	seen := p.Seen([]hub.TLP{hub.TLPClear, hub.TLPGreen})
	defer seen.Close()
	stamps := func() (narrow, whole string) {
		t.Helper()
		narrow, err := seen.Stamp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		whole, err = p.Stamp(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return narrow, whole
	}
	version := func(number uint64, id string, label hub.TLP, kind hub.AlertKind) AlertRow {
		row := labelled(number, label)
		row.ID, row.Version, row.Kind = id, int(number), kind
		row.Indicators = []IndicatorRow{{StixID: "i" + id, Type: string(hub.Domain), Value: id + ".example", ValidUntil: row.Published}}
		return row
	}
	tombstone := func(seq, of uint64, id string, label hub.TLP) AlertRow {
		row := version(of, id, label, hub.Recalled)
		row.Seq, row.Bundle, row.Indicators = seq, nil, nil
		return row
	}
	answer := func(topic feedback.Topic) feedback.Count {
		return feedback.Count{Topic: topic, Answer: feedback.Seen, AtLeast: 5}
	}
	for _, step := range []struct {
		what    string
		changes bool
		do      func()
	}{
		{"an alert that she may read", true, func() { put(t, p, version(1, "a", hub.TLPGreen, hub.Released)) }},
		{"one that she may not", false, func() { put(t, p, version(2, "b", hub.TLPAmber, hub.Released)) }},
		{"its next version", false, func() { put(t, p, version(3, "b", hub.TLPAmber, hub.Updated)) }},
		{"what is told of it", false, func() {
			must(t, p.PutTold(t.Context(), 1, []feedback.Count{answer("ib"), answer(feedback.OfAlert("b"))}))
		}},
		{"what is told of hers", true, func() { must(t, p.PutTold(t.Context(), 2, []feedback.Count{answer("ib"), answer("ia")})) }},
		{"that it is taken back", false, func() { put(t, p, version(4, "b", hub.TLPAmber, hub.Withdrawn)) }},
		{"that hers is taken back", true, func() { put(t, p, version(5, "a", hub.TLPGreen, hub.Withdrawn)) }},
		{"another of hers", true, func() { put(t, p, version(6, "c", hub.TLPClear, hub.Released)) }},
		{"that it becomes stricter", true, func() { put(t, p, version(7, "c", hub.TLPAmber, hub.Updated)) }},
		{"that what she may not read is deleted", false, func() { put(t, p, tombstone(8, 2, "b", hub.TLPAmber)) }},
		{"that something of hers is", true, func() { put(t, p, tombstone(9, 1, "a", hub.TLPGreen)) }},
	} {
		narrow, whole := stamps()
		step.do()
		after, all := stamps()
		if (after != narrow) != step.changes || all == whole {
			t.Errorf("%s: her stamp %s then %s, that of everything %s then %s", step.what, narrow, after, whole, all)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
