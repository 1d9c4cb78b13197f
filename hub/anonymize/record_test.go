package anonymize

import (
	"encoding/json"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/stix"
)

// story is a report with some of everything, in an order of its own.
func story(t *testing.T, address string) stix.Bundle {
	t.Helper()
	return bundleOf(t, append(linked("ipv4-addr", "value", address), one("tool", "name", "Mimikatz")...)...)
}

// kept is a record as a reporter keeps it: written, and read again.
func kept(t *testing.T, r Record) Record {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out, err := ReadRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKeptRecordProves(t *testing.T) {
	a, b := smallAnonymizer(t), story(t, "91.219.236.18")
	pair := draft(t, a, Input{Bundle: b})
	r := kept(t, pair.Record)
	if !r.Verify(a.cfg.Policy, b) || r.Commitment() != pair.Full.Body().Record || r.Commitment() != pair.Flash.Body().Record {
		t.Fatal("the kept record isn't that of its report and drafts")
	}
	for i, o := range b.Objects {
		for name := range o {
			other := story(t, "91.219.236.18")
			other.Objects[i][name] = "changed"
			if r.Verify(a.cfg.Policy, other) {
				t.Errorf("another %s of a %s makes no difference", name, o.Type())
			}
			delete(other.Objects[i], name)
			if r.Verify(a.cfg.Policy, other) {
				t.Errorf("%s of a %s may be missing", name, o.Type())
			}
		}
	}
	more := story(t, "91.219.236.18")
	more.Objects = append(more.Objects, more.Objects[0])
	if r.Verify(a.cfg.Policy, more) {
		t.Error("an object more makes no difference")
	}
	less := story(t, "91.219.236.18")
	less.Objects = less.Objects[1:]
	if r.Verify(a.cfg.Policy, less) {
		t.Error("an object less makes no difference")
	}
}

// TestSpoiltRecord: a record in which anything is changed is none of the report, or
// not the one that was committed to.
func TestSpoiltRecord(t *testing.T) {
	a, b := smallAnonymizer(t), story(t, "91.219.236.18")
	good := draft(t, a, Input{Bundle: b}).Record
	for why, spoil := range map[string]func(r *Record){
		"a salt":          func(r *Record) { r.Entries[2].Salt[0] ^= 1 },
		"a short salt":    func(r *Record) { r.Entries[2].Salt = r.Entries[2].Salt[:31] },
		"a filler":        func(r *Record) { r.Filler[2][0] ^= 1 },
		"a long filler":   func(r *Record) { r.Filler[2] = append(r.Filler[2], 0) },
		"a filler less":   func(r *Record) { r.Filler = r.Filler[1:] },
		"an entry less":   func(r *Record) { r.Entries = r.Entries[1:] },
		"an entry moved":  func(r *Record) { r.Entries[1], r.Entries[2] = r.Entries[2], r.Entries[1] },
		"a place":         func(r *Record) { r.Entries[1].Place = r.Entries[2].Place },
		"a place outside": func(r *Record) { r.Entries[1].Place = 4096 },
		"a place below":   func(r *Record) { r.Entries[1].Place = -1 },
		"an action":       func(r *Record) { r.Entries[1].Action = "other" },
		"a rule":          func(r *Record) { r.Entries[1].Rule = "other" },
		"a class":         func(r *Record) { r.Entries[1].Class = "/objects/*/other" },
		"the root":        func(r *Record) { r.Root[0] ^= 1 },
		"the policy":      func(r *Record) { r.Policy[0] ^= 1 },
		"the blind":       func(r *Record) { r.Blind[0] ^= 1 },
		"a short blind":   func(r *Record) { r.Blind = r.Blind[:31] },
	} {
		r := kept(t, good)
		spoil(&r)
		if r.Verify(a.cfg.Policy, b) && r.Commitment() == good.Commitment() {
			t.Errorf("%s: still the record of the report", why)
		}
	}
	for _, text := range []string{"", "{", "[]", `{"other":1}`, "{}", `{"blind":"AA=="}`} {
		if _, err := ReadRecord([]byte(text)); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%q is read as a record: %v", text, err)
		}
	}
}

// TestRecordsSayNothingTogether: two records of one report share no salt, place order
// or commitment, so that nobody sees that two alerts are of one report.
func TestRecordsSayNothingTogether(t *testing.T) {
	a, b := smallAnonymizer(t), story(t, "91.219.236.18")
	one := draft(t, a, Input{Bundle: b, Random: seeded(1)}).Record
	two := draft(t, a, Input{Bundle: b, Random: seeded(2)}).Record
	if one.Commitment() == two.Commitment() || one.Root == two.Root || slices.Equal(one.Blind, two.Blind) {
		t.Error("two records have one commitment, root or blind")
	}
	salts, order := map[string]bool{}, 0
	for _, s := range append(one.Filler, two.Filler...) {
		salts[string(s)] = true
	}
	for i, e := range one.Entries {
		salts[string(e.Salt)], salts[string(two.Entries[i].Salt)] = true, true
		if e.Place == two.Entries[i].Place {
			order++
		}
	}
	if len(salts) != 2*4096 {
		t.Errorf("%d different salts, want %d", len(salts), 2*4096)
	}
	if order > 5 || order > len(one.Entries)/4 {
		t.Errorf("%d of %d properties have the same place in both", order, len(one.Entries))
	}
}

// TestBuiltInPolicyIsKnown: who changes the table gives it a version of its own, with
// a line in data/policies.txt, so that verifying an alert of an older one goes on.
func TestBuiltInPolicyIsKnown(t *testing.T) {
	p := DefaultPolicy()
	digest, ok := KnownPolicy(p.Version)
	if !ok || digest != p.Digest {
		t.Errorf("policy.csv is version %s with digest %s, which data/policies.txt doesn't say: give the table a new version and add a line", p.Version, p.Digest)
	}
	if _, ok := KnownPolicy("no such version"); ok {
		t.Error("a version that never was is known")
	}
	if _, ok := KnownPolicy("#"); ok {
		t.Error("a comment is a version")
	}
}
