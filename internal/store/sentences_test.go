package store

import (
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/find"
)

func says(number uint64, id string, sentences ...string) AlertRow {
	r := AlertRow{Seq: number, Bundle: []byte("b"), Signature: []byte("s"), Sentences: sentences}
	r.Alert = hub.Alert{Number: number, ID: id, Version: 1, Kind: hub.Released, Published: time.UnixMilli(1)}
	return r
}

// Sentences are found by words of two signs, and those that only a recalled alert had
// are found no more.
func TestSentencesAreFoundUntilTheyAreRecalled(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const common, rare = "病院のVPN装置を経由して侵入された。", "給食の委託事業者から侵入された。"
	err = p.Put(t.Context(), []AlertRow{says(1, "a", common, "A backup was kept offline."), says(2, "b", common, rare)})
	if err != nil {
		t.Fatal(err)
	}
	count := func(term string) int {
		t.Helper()
		rows, err := p.Saying(t.Context(), find.Phrase(term))
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	for term, want := range map[string]int{"病院": 1, "侵入": 2, "院": 1, "vpn装置": 1, "ＶＰＮ": 1, "病院のVPN": 1, "給食": 1, "backup": 1, "back": 1, "kup": 0, "院給": 0} {
		if got := count(term); got != want {
			t.Errorf("%s is found in %d sentences, want %d", term, got, want)
		}
	}
	s := stone(2, 3)
	s.ID = "b"
	if err := p.Put(t.Context(), []AlertRow{s}); err != nil {
		t.Fatal(err)
	}
	if count("給食") != 0 || count("侵入") != 1 || count("backup") != 1 {
		t.Error("a recalled sentence is found, or another isn't")
	}
	var left int
	err = p.db.QueryRow("SELECT count(*) FROM sentences WHERE text = ?", rare).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d recalled sentences are left, %v", left, err)
	}
	var terms int
	_, err = p.db.Exec("CREATE VIRTUAL TABLE temp.terms USING fts4aux(main, words)")
	if err == nil {
		err = p.db.QueryRow("SELECT count(*) FROM temp.terms WHERE term = '給食'").Scan(&terms)
	}
	if err != nil || terms != 0 {
		t.Errorf("the index has %d words of a recalled sentence, %v", terms, err)
	}
}
