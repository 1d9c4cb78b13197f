package anonymize

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/stix"
	"isac/internal/beside"
)

// shared is the folder of test material that isn't part of the project.
const shared = "../../../shared"

// seeded is randomness that is the same in every run.
func seeded(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	return rand.NewChaCha8(key)
}

var received = time.Date(2026, 9, 14, 3, 20, 0, 0, time.UTC)

// sector is a small sector list of invented organisations.
func sector() []hub.Organisation {
	return []hub.Organisation{
		{
			ID: "T1", NameJA: "碧沢総合病院", NameKana: "みどりさわそうごうびょういん", NameHalfKana: "ﾐﾄﾞﾘｻﾜｿｳｺﾞｳﾋﾞｮｳｲﾝ", NameRomaji: "Midorisawa General Hospital",
			LegalName: "医療法人碧会 碧沢総合病院", AbbrJA: "碧総病", AbbrEN: "MSGH", Prefecture: "北海道", PrefectureEN: "Hokkaido", Region: "北海道",
			Municipality: "帯広市", MunicipalEN: "Obihiro", Owner: "医療法人", OwnerClass: "医療法人", OrgKind: "一般病院", Beds: "312", Band: "300-399",
			Domain: "midorisawa-gh.jp", Mail: "info@midorisawa-gh.jp", Phone: "0155-00-4821", Fax: "0155-00-4822", Postal: "080-0099",
			Address: "北海道帯広市碧町3-14", Vendor: "株式会社つきの情報", Member: true, IPv4: "45.86.230.0/28", IPv4Private: "10.44.7.0/24",
			IPv6: "2a0d:5600:99::/48", HostnamePrefix: "MIDSAW", Operator: "S-T1",
		},
		{
			ID: "T2", NameJA: "灯ヶ浦病院", NameKana: "ひがうらびょういん", NameHalfKana: "ﾋｶﾞｳﾗﾋﾞｮｳｲﾝ", NameRomaji: "Higaura Hospital",
			LegalName: "社会福祉法人灯会 灯ヶ浦病院", AbbrJA: "灯浦病", AbbrEN: "HGUH", Prefecture: "青森県", PrefectureEN: "Aomori", Region: "東北",
			Municipality: "八戸市", MunicipalEN: "Hachinohe", Owner: "社会福祉法人", OwnerClass: "その他", OrgKind: "一般病院", Beds: "98", Band: "50-99",
			Domain: "higaura-hosp.jp", Mail: "jimu@higaura-hosp.jp", Phone: "0178-00-3310", Fax: "0178-00-3311", Postal: "031-0099",
			Address: "青森県八戸市灯町1-2", Vendor: "北灯システム株式会社",
		},
	}
}

func smallAnonymizer(t testing.TB) *Anonymizer { return worldOf(t, "healthcare-jp").made }

var whole = sync.OnceValues(func() (*Anonymizer, error) {
	f, err := os.Open(filepath.Join(shared, "data", "registry-synthetic.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := register.Read(f)
	if err != nil {
		return nil, err
	}
	return New(Config{Register: register.NewIndex(r), RegisterDigest: r.Digest()}), nil
})

// wholeAnonymizer knows the sector list of full size.
func wholeAnonymizer(t testing.TB) *Anonymizer {
	t.Helper()
	if _, err := os.Stat(filepath.Join(shared, "data", "registry-synthetic.csv")); err != nil {
		beside.Lacks(t, "the sector list of full size")
	}
	a, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func parse(t testing.TB, data []byte) stix.Bundle {
	t.Helper()
	b, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bundleOf makes a report of objects.
func bundleOf(t testing.TB, objects ...map[string]any) stix.Bundle {
	t.Helper()
	data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--4f1c0a52-0d0c-4e8e-9d2e-3a9f0c5a7b11", "objects": objects})
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, data)
}

func draft(t testing.TB, a *Anonymizer, in Input) Pair {
	t.Helper()
	if in.Random == nil {
		in.Random = seeded(1)
	}
	pair, err := a.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// digests are values of a draft that hold any short digits by chance, and none of a
// report's.
var digests = regexp.MustCompile(`"(policy_digest|register_digest|vocab_digest|record|salt)":"[0-9a-f]{64}"`)

// outside is all that a pair lets out, folded by nothing: the bytes of both drafts but
// their digests.
func outside(p Pair) string {
	return digests.ReplaceAllString(string(p.Flash.Encode())+"\n"+string(p.Full.Encode()), "")
}

func hasFact(facts []hub.Fact, key string) bool {
	for _, f := range facts {
		if f.Key() == key {
			return true
		}
	}
	return false
}

func keysOf(facts []hub.Fact) string {
	var keys []string
	for _, f := range facts {
		keys = append(keys, f.Key())
	}
	return strings.Join(keys, "\n")
}
