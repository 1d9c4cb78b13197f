package anonymize

import (
	"sync"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/warning"
)

// towns is a small sector list of invented municipalities: another sector, of which
// no code knows anything.
func towns() []hub.Organisation {
	return []hub.Organisation{
		{
			ID: "G1", NameJA: "鳴瀬川市", NameKana: "なるせがわし", NameHalfKana: "ﾅﾙｾｶﾞﾜｼ", NameRomaji: "Narusegawa City", LegalName: "鳴瀬川市",
			AbbrJA: "鳴瀬川", AbbrEN: "NRSG", Prefecture: "宮城県", PrefectureEN: "Miyagi", Region: "東北", Municipality: "鳴瀬川市", MunicipalEN: "Narusegawa",
			Owner: "鳴瀬川市", OwnerClass: "市", OrgKind: "一般市", Beds: "0", Band: "20-49", Domain: "city.narusegawa.miyagi.jp",
			Mail: "somu@city.narusegawa.miyagi.jp", Phone: "0229-00-2111", Fax: "0229-00-2112", Postal: "989-0099", Address: "宮城県鳴瀬川市本町1-8",
			Vendor: "株式会社みちのく電算", Member: true, IPv4: "103.79.54.64/28", IPv4Private: "172.27.16.0/22", IPv6: "2405:6580:77::/48",
			HostnamePrefix: "NRSGW", Operator: "S-G1",
		},
		{
			ID: "G2", NameJA: "榛沢町", NameKana: "はんざわちょう", NameHalfKana: "ﾊﾝｻﾞﾜﾁｮｳ", NameRomaji: "Hanzawa Town", LegalName: "榛沢町",
			AbbrJA: "榛沢", AbbrEN: "HNZW", Prefecture: "群馬県", PrefectureEN: "Gunma", Region: "関東", Municipality: "榛沢町", MunicipalEN: "Hanzawa",
			Owner: "榛沢町", OwnerClass: "町", OrgKind: "町村", Beds: "0", Band: "20-49", Domain: "town.hanzawa.lg.jp", Mail: "soumu@town.hanzawa.lg.jp",
			Phone: "027-000-4411", Fax: "027-000-4412", Postal: "370-0099", Address: "群馬県榛沢町大字上野12", Vendor: "上州情報センター株式会社",
		},
	}
}

// A world is a sector: its list and its profile.
type world struct {
	sector  []hub.Organisation
	list    *register.Register
	profile *profile.Profile
	made    *Anonymizer
}

var worlds = map[string]func() (world, error){
	"healthcare-jp":       sync.OnceValues(func() (world, error) { return newWorld(sector(), profile.HealthcareJP()) }),
	"local-government-jp": sync.OnceValues(func() (world, error) { return newWorld(towns(), profile.LocalGovernmentJP()) }),
}

func newWorld(sector []hub.Organisation, p *profile.Profile) (world, error) {
	r, err := register.New(sector)
	if err != nil {
		return world{}, err
	}
	lists, err := testLists()
	if err != nil {
		return world{}, err
	}
	made := New(Config{Register: register.NewIndex(r), RegisterDigest: r.Digest(), Profile: p, Warnings: lists})
	return world{sector, r, p, made}, nil
}

// testLists are warning lists as an operator lays them beside the settings.
func testLists() (*warning.Lists, error) {
	var lists []warning.List
	for _, text := range []string{
		`{"name":"rented","type":"cidr","list":["18.176.0.0/13","2406:da14::/36"],"matching_attributes":["ip-src","ip-dst"]}`,
		`{"name":"mirrors","type":"hostname","list":["static-mirror-cdn.net"],"matching_attributes":["hostname","domain","url"]}`,
		`{"name":"files of the system","type":"string","list":["5d41402abc4b2a76b9719d911017c592"],"matching_attributes":["md5"]}`,
	} {
		l, err := warning.Read([]byte(text))
		if err != nil {
			return nil, err
		}
		lists = append(lists, l)
	}
	return warning.New(lists...), nil
}

func worldOf(t testing.TB, name string) world {
	t.Helper()
	make, ok := worlds[name]
	if !ok {
		t.Fatalf("no profile %q", name)
	}
	w, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return w
}
