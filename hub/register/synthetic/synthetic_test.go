package synthetic_test

import (
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/beside"
)

func TestRepeatable(t *testing.T) {
	a, b := synthetic.Register(300, 7), synthetic.Register(500, 7)
	if !reflect.DeepEqual(a, b[:300]) {
		t.Error("a longer list doesn't begin with the shorter one")
	}
	if c := synthetic.Register(300, 8); c[0].NameJA == a[0].NameJA {
		t.Error("another seed gives the same first name")
	}
}

// TestUnique: nothing that names an organisation names two, up to the most that
// can be made.
func TestUnique(t *testing.T) {
	seen := map[string]bool{}
	orgs := synthetic.Register(synthetic.Most, 1)
	if len(orgs) != synthetic.Most {
		t.Fatal(len(orgs))
	}
	for _, o := range orgs {
		for _, s := range []string{o.ID, o.NameJA, o.NameRomaji, o.IPv4, o.IPv6, o.Domain} {
			if s == "" || seen[s] {
				t.Fatalf("%q is empty or not the only one", s)
			}
			seen[s] = true
		}
	}
}

func TestIsARegister(t *testing.T) {
	reg, err := register.New(synthetic.Register(2000, 3))
	if err != nil {
		t.Fatal(err)
	}
	if len(reg.Members()) != 2000 {
		t.Error("not all are members")
	}
}

// TestLooksOrdinary: no reserved ranges or names, which code might know.
func TestLooksOrdinary(t *testing.T) {
	prefectures := map[string]int{}
	for _, o := range synthetic.Register(2000, 3) {
		prefectures[o.Prefecture]++
		p := netip.MustParsePrefix(o.IPv4)
		if a := p.Addr(); a.IsPrivate() || a.IsMulticast() || !a.IsGlobalUnicast() || p.Masked() != p {
			t.Fatalf("%v is no ordinary range", p)
		}
		if !netip.MustParsePrefix(o.IPv4Private).Addr().IsPrivate() {
			t.Fatalf("%s is not private", o.IPv4Private)
		}
		if strings.Contains(o.Domain, "example") || !strings.Contains(o.Domain, ".") {
			t.Fatalf("%s is no ordinary domain", o.Domain)
		}
	}
	if len(prefectures) != 47 || prefectures["東京都"] < prefectures["鳥取県"] {
		t.Errorf("%d prefectures", len(prefectures))
	}
}

// TestNamesAreInNoOtherTable: the shared list has none of them.
func TestNamesAreInNoOtherTable(t *testing.T) {
	f, err := os.Open("../../../../shared/data/registry-synthetic.csv")
	if err != nil {
		beside.Lacks(t, "the sector list of full size")
	}
	defer f.Close()
	reg, err := register.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	names := func(o hub.Organisation) []string {
		return []string{o.NameJA, o.NameRomaji, o.AbbrJA, o.Domain, o.Vendor, o.ID}
	}
	for _, o := range reg.All() {
		for _, s := range names(o) {
			there[s] = s != "(自社開発)"
		}
	}
	for _, o := range synthetic.Register(synthetic.Most, 1) {
		for _, s := range names(o) {
			if there[s] {
				t.Fatalf("%s is in the shared list too", s)
			}
		}
	}
}
