package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"isac/hub"
)

var everybody = []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict}

// labelled is an alert with one object under its label and one under GREEN that every
// alert repeats.
func labelled(number uint64, tlp hub.TLP) AlertRow {
	r := AlertRow{Seq: number, Bundle: []byte("{}"), Signature: []byte("s")}
	r.Alert = hub.Alert{Number: number, ID: fmt.Sprint(number), Version: 1, Kind: hub.Released, TLP: tlp, Severity: hub.High, Published: time.UnixMilli(int64(number) * 1000)}
	for name, label := range map[string]hub.TLP{fmt.Sprintf("tool--%d", number): tlp, "tool--common": hub.TLPGreen} {
		body := fmt.Sprintf(`{"id":%q}`, name)
		r.Objects = append(r.Objects, ObjectRow{
			ID: name, Type: "tool", Version: "2026-01-01T00:00:00.000Z", Body: []byte(body), TLP: label,
			Twin: Twin{ID: name + "-twin", Version: "2026-01-01T00:00:00.000Z", Body: []byte(strings.ReplaceAll(body, name, name+"-twin"))},
		})
	}
	return r
}

// A page ends where it has become large, and the next goes on there.
func TestLargePages(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	r := labelled(1, hub.TLPGreen)
	for i := range 400 {
		o := r.Objects[0]
		o.ID, o.Body = fmt.Sprintf("tool--large-%d", i), []byte(`{"id":"`+strings.Repeat("x", 50_000)+`"}`)
		r.Objects = append(r.Objects, o)
	}
	if err := p.Put(t.Context(), []AlertRow{r}); err != nil {
		t.Fatal(err)
	}
	q := EntryQuery{Collection: CollectionAll, Sees: everybody, Limit: 1000}
	objects := 0
	for more := true; more; {
		parts, page, err := p.Objects(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		size, n := 0, 0
		for _, part := range parts {
			size, n = size+len(part), n+strings.Count(string(part), `"id"`)
		}
		if size > pageBytes+stepObjects*51_000 || n != page.Count || n == 0 {
			t.Errorf("a page of %d objects, said to be %d, has %d bytes", n, page.Count, size)
		}
		objects, q.After, more = objects+n, page.Last, page.More
	}
	if objects != 402 {
		t.Errorf("%d objects in all pages", objects)
	}
}

// Everybody gets what they may see, and none learns of the rest; RED is nobody's.
func TestObjectsByLabel(t *testing.T) {
	p, err := OpenPublic(filepath.Join(t.TempDir(), "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i, label := range []hub.TLP{hub.TLPAmber, hub.TLPClear, hub.TLPGreen, hub.TLPAmberStrict, hub.TLPRed} {
		if err := p.Put(t.Context(), []AlertRow{labelled(uint64(i+1), label)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		sees  []hub.TLP
		count int
		not   []int // numbers of alerts
	}{{everybody, 5, []int{5}}, {everybody[:2], 3, []int{1, 4, 5}}, {everybody[:1], 1, []int{1, 3, 4, 5}}} {
		for _, twins := range []bool{false, true} {
			q := EntryQuery{Collection: CollectionAll, Twins: twins, Sees: c.sees, Limit: 2}
			var got []string
			for {
				objects, page, err := p.Objects(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				rows, same, err := p.Records(t.Context(), q)
				if err != nil || page != same || len(rows) != page.Count {
					t.Fatalf("objects of %+v, records of %+v, %v", page, same, err)
				}
				for _, part := range objects {
					got = append(got, string(part))
				}
				if !page.More {
					break
				}
				q.After = page.Last
			}
			all := strings.Join(got, ",")
			if n := strings.Count(all, `"id"`); n != c.count || strings.Count(all, "-twin") != map[bool]int{true: n}[twins] {
				t.Errorf("who sees %v, twins %v: %s", c.sees, twins, all)
			}
			for _, n := range c.not {
				name := fmt.Sprintf("tool--%d", n)
				if twins {
					name += "-twin"
				}
				there, err := p.Holds(t.Context(), q, name)
				if err != nil || there || strings.Contains(all, name) {
					t.Errorf("who sees %v learns of %s, %v", c.sees, name, err)
				}
			}
		}
	}
}
