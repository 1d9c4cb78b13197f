package anonymize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub/register"
)

// A planter makes a report in which every property of the table, at any depth, holds
// a word of its own.
type planter struct {
	policy  *Policy
	rows    map[string][]Row
	objects []map[string]any
	places  []string // of each word, by its number
}

func (p *planter) word(place string) string {
	p.places = append(p.places, place)
	return "W" + madeUpWord(len(p.places)-1)
}

// madeUpWord writes a number in syllables, so that no two share a part.
func madeUpWord(n int) string {
	syllables := strings.Fields("ka zo mu ri te yo na gi bu hen sha dol wex jam fip")
	out := ""
	for range 4 {
		out += syllables[n%len(syllables)]
		n /= len(syllables)
	}
	return out
}

// value plants words below a property and returns what the property holds.
func (p *planter) value(place string, row Row, depth int) any {
	if row.Inside == "" || depth > 3 {
		return p.word(place)
	}
	if row.Inside != "@extensions" {
		return p.members(place, row.Inside, depth)
	}
	if row.Type != "file" && row.Type != "impact" { // each extension once or twice is enough
		return p.word(place)
	}
	out := map[string]any{}
	for _, typ := range []string{
		"archive-ext", "ntfs-ext", "pdf-ext", "raster-image-ext", "windows-pebinary-ext", "http-request-ext", "socket-ext", "tcp-ext", "icmp-ext",
		"windows-process-ext", "windows-service-ext", "unix-account-ext", "availability-ext", "monetary-ext", "physical-ext", "integrity-ext", incidentCore,
	} {
		out[typ] = p.members(place+"."+typ, typ, depth)
	}
	return out
}

func (p *planter) members(place, typ string, depth int) map[string]any {
	out := map[string]any{}
	for _, row := range p.rows[typ] {
		out[row.Property] = p.value(place+"."+row.Property, row, depth+1)
	}
	return out
}

func plantEverywhere() *planter {
	p := &planter{policy: DefaultPolicy(), rows: map[string][]Row{}}
	for _, row := range p.policy.Rows() {
		p.rows[row.Type] = append(p.rows[row.Type], row)
	}
	for _, row := range p.policy.Rows() {
		if row.Property != "type" || row.Type == "bundle" || row.Type == "type" {
			continue
		}
		o := p.members(row.Type, row.Type, 0)
		o["type"] = row.Type
		o["id"] = fmt.Sprintf("%s--%08x-1111-4222-8333-444455556666", row.Type, len(p.objects))
		delete(o, "revoked")
		p.objects = append(p.objects, o)
	}
	return p
}

// spoken are properties whose value is a word of the standard, an id, or a time, so
// that a word of somebody there is no valid report; and those that may be facts.
func spoken(place string) bool {
	last := place[strings.LastIndexByte(place, '.')+1:]
	return quiet[last] || last == "id" || last == "revoked" || last == "value" || last == "pattern"
}

// TestWhatIsLeftOutAnywhereIsSearchedFor: a word in any property of any object and
// extension is left out of whatever the attacker made from it.
func TestWhatIsLeftOutAnywhereIsSearchedFor(t *testing.T) {
	p := plantEverywhere()
	if len(p.places) < 900 {
		t.Fatalf("only %d places", len(p.places))
	}
	objects := append(p.objects, one("indicator", "pattern", "[domain-name:value = 'plain-relay.net']")...)
	for from := 0; from < len(p.places); from += 500 {
		var hosts []string
		for i := from; i < min(from+500, len(p.places)); i++ {
			hosts = append(hosts, fmt.Sprintf("'w%s-relay.net'", madeUpWord(i)))
		}
		o := one("indicator", "pattern", "[domain-name:value IN ("+strings.Join(hosts, ", ")+")]")[0]
		o["id"] = fmt.Sprintf("indicator--%08x-0000-4000-8000-000000000000", from)
		objects = append(objects, o)
	}
	pair := draft(t, smallAnonymizer(t), Input{Bundle: bundleOf(t, objects...), Received: received, Answers: Answers{AllConfirmed: true}})
	facts := pair.Full.Body().Facts
	if !hasFact(facts, "indicator:domain-name:value:plain-relay.net") {
		t.Error("a domain that nobody was left out of is missing")
	}
	var missed []string
	for i, place := range p.places {
		if hasFact(facts, fmt.Sprintf("indicator:domain-name:value:w%s-relay.net", madeUpWord(i))) && !spoken(place) {
			missed = append(missed, place)
		}
	}
	slices.Sort(missed)
	if len(missed) > 0 {
		t.Errorf("%d of %d places give no needle:\n%s", len(missed), len(p.places), strings.Join(missed, "\n"))
	}
}

// TestDigestIsNobodysName: hexadecimal digits of a digest read as UTF-16 or base64 hold
// a few letters by chance. A digest that prose tells too is none the less the attacker's;
// a text that takes most of what the digits stand for is one that somebody wrote.
func TestDigestIsNobodysName(t *testing.T) {
	const named = "e9b59ce6aebfe69f8ae4bb8b00010203" // 鵜殿柊介 in UTF-8
	for digest, kept := range map[string]bool{
		"72dc238a9a576e55495320e1102fe648fb07830707a7d53463ca7e8772faf5dd": true,
		"f0375272ceb368ea8748c760a16aa53d942dee1dfe2c08d7e2333ebfa42f118a": true,
		named: false,
	} {
		kind := "SHA-256"
		if len(digest) == 32 {
			kind = "MD5"
		}
		objects := append(one("indicator", "pattern", "[file:hashes.'"+kind+"' = '"+digest+"']"), one("note", "content", "確認した値は"+digest+"です。")...)
		pair := draft(t, smallAnonymizer(t), Input{Bundle: bundleOf(t, objects...), Received: received, Answers: Answers{AllConfirmed: true}})
		if got := strings.Contains(outside(pair), digest); got != kept {
			t.Errorf("%s: goes out %v, want %v", digest, got, kept)
		}
	}
}

// TestAddressIsNoTelephone: some numbers of an attacker's address are somebody's telephone
// without its area code; in anything else they are left out.
func TestAddressIsNoTelephone(t *testing.T) {
	all := sector()
	all[1].Phone = "092-178-5819"
	list, err := register.New(all)
	if err != nil {
		t.Fatal(err)
	}
	objects := append(one("indicator", "pattern", "[ipv4-addr:value = '94.178.58.19']"), one("indicator", "pattern", "[file:name = 'call 092-178-5819.exe']")...)
	objects[1]["id"] = "indicator--22222222-2222-4333-8444-555555555555"
	pair := draft(t, New(Config{Register: register.NewIndex(list)}), Input{Bundle: bundleOf(t, objects...), Received: received, Answers: Answers{AllConfirmed: true}})
	facts := pair.Full.Body().Facts
	if !hasFact(facts, "indicator:ipv4-addr:value:94.178.58.19") {
		t.Errorf("the address is missing: %s", keysOf(facts))
	}
	if strings.Contains(outside(pair), "178-5819") {
		t.Errorf("the telephone is told: %s", keysOf(facts))
	}
}
