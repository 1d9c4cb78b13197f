package adversary

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"isac/hub"
)

// Each adversary finds a victim that a careless hub would have told it.

func sector(n int) *Sector {
	s := &Sector{
		K: 10, Organs: map[string]hub.Organisation{}, News: map[int][]News{}, Scan: map[string][]string{"boxco": {"o3"}}, Flaws: map[string]string{"CVE-2031-1": "boxco"},
		Fits: func(string, hub.Organisation) bool { return true }, Outside: func(hub.Fact) bool { return true },
	}
	var ids []string
	for i := range n {
		o := hub.Organisation{ID: fmt.Sprint("o", i), NameJA: fmt.Sprintf("第%d病院", i), Domain: fmt.Sprintf("dai%d.or.jp", i), Vendor: fmt.Sprint("v", i%2), Operator: fmt.Sprint("p", i%3)}
		s.Organs[o.ID] = o
		ids = append(ids, o.ID)
	}
	s.Active = [][]string{ids}
	s.Told = []map[string][]string{{"east": ids[:12], "west": ids[8:]}}
	return s
}

func fact(class hub.Class, value string) hub.Fact { return hub.Fact{Class: class, Value: value} }

func TestDictionaryFindsNames(t *testing.T) {
	o := hub.Organisation{ID: "o1", NameJA: "椋鳥病院", Domain: "mukudori.or.jp"}
	ns, err := hex.DecodeString("00abedb4aa42466c9c01fed23315a9b7")
	if err != nil {
		t.Fatal(err)
	}
	five := sha1.Sum(append(ns, `{"value":"mukudori.or.jp"}`...))
	five[6], five[8] = five[6]&0x0f|0x50, five[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", five[:4], five[4:6], five[6:8], five[8:10], five[10:16])
	name, domain := md5.Sum([]byte("椋鳥病院")), sha256.Sum256([]byte("mukudori.or.jp"))
	alerts := [][]byte{
		[]byte(`{"id":"domain-name--` + id + `"}`), fmt.Appendf(nil, `{"x":"%x"}`, name), fmt.Appendf(nil, `{"x":"%x"}`, domain), []byte(`{"id":"report--9d3f0a64-6a0e-4c39-8a0f-2f8a3f1f8b11"}`),
	}
	found := NewDictionary(alerts).Guess(o)
	slices.Sort(found)
	if !slices.Equal(slices.Compact(found), []int{0, 1, 2}) {
		t.Errorf("found in %v", found)
	}
	salt := []byte("salt")
	if sum := sha256.Sum256(append(salt, "椋鳥病院"...)); !Opens(sum[:], salt, o) || Opens(name[:], salt, o) {
		t.Error("a commitment under a known salt isn't opened")
	}
}

func TestIntersectionSinglesOut(t *testing.T) {
	s := sector(20)
	east, west := Release{Says: []hub.Fact{fact(hub.Cell, "east")}}, Release{Says: []hub.Fact{fact(hub.Cell, "west")}}
	if got := Intersection(s, []Release{east, west}); !slices.Equal(got, []string{"o8", "o9", "o10", "o11"}) {
		t.Errorf("%v", got)
	}
	if got := Insider(s, east, 9, "o3", dice()); len(got) != 3 || !slices.Contains(got, "o3") {
		t.Errorf("an insider suspects %v", got)
	}
	if got := Group(s, east, "o3", Operator, Vendor); len(got) > 4 || !slices.Contains(got, "o3") {
		t.Errorf("who excludes an operator and a vendor suspects %v", got)
	}
}

func TestNewsAndScan(t *testing.T) {
	s := sector(20)
	day := time.Date(2031, 5, 6, 0, 0, 0, 0, time.UTC)
	s.News[0] = []News{{Org: "o4", Day: day, Impacts: []string{"a"}}, {Org: "o5", Day: day, Impacts: []string{"b"}}}
	r := Release{FlashAt: day.AddDate(0, 0, 2), Says: []hub.Fact{fact(hub.Impact, "b"), fact(hub.CVE, "CVE-2031-1"), fact(hub.Technique, "T1486")}}
	if got := Headlines(s, r, Everything); !slices.Equal(got, []string{"o5"}) {
		t.Errorf("by the news: %v", got)
	}
	if got := Headlines(s, r, Bare); len(got) != 2 {
		t.Errorf("by the news alone: %v", got)
	}
	if got := Scanner(s, r, Everything); !slices.Equal(got, []string{"o3"}) {
		t.Errorf("by a scan: %v", got)
	}
	if got := Scanner(s, r, Bare); len(got) != 20 {
		t.Errorf("by techniques: %v", got)
	}
	r.Seat = s.Organs["o0"]
	if got := Moderator(s, r, Everything); slices.Contains(got, "o2") || slices.Contains(got, "o3") || len(got) > 8 {
		t.Errorf("a moderator suspects %v", got)
	}
}

func TestSideLearnsSizes(t *testing.T) {
	var releases []Release
	var victims []string
	make1 := func(size int) Release { return Release{Flash: make([]byte, size), Full: make([]byte, 2*size)} }
	for i := range 10 {
		releases, victims = append(releases, make1(1000+100*i)), append(victims, fmt.Sprint("o", i))
	}
	if got := Learn(releases, victims).Suspects(make1(1410)); !slices.Equal(got, []string{"o4"}) {
		t.Errorf("%v", got)
	}
}

func TestMinimalityKnowsWhoIsNeverTold(t *testing.T) {
	s := sector(20)
	s.Told = []map[string][]string{{"east": s.Active[0][:17]}}
	if got := Minimality(s, Release{}, Everything); len(got) != 3 {
		t.Errorf("%v", got)
	}
	if got := Linkage(s, Release{}, Everything); len(got) != 20 {
		t.Errorf("%v", got)
	}
}

func dice() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }
