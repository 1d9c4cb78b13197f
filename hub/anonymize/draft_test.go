package anonymize

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"isac/hub"
)

func attackPair(t *testing.T) Pair {
	t.Helper()
	objects := append(linked("ipv4-addr", "value", "91.219.236.18"), one("tool", "name", "Mimikatz")...)
	return draft(t, smallAnonymizer(t), Input{Bundle: bundleOf(t, objects...)})
}

func TestZeroDraftIsRefused(t *testing.T) {
	if (Draft{}).Valid() {
		t.Error("the zero draft is valid")
	}
	if _, err := smallAnonymizer(t).Without(Draft{}, nil, seeded(1)); err == nil {
		t.Error("the zero draft was rebuilt")
	}
}

func TestDraftRoundTrip(t *testing.T) {
	a, d := smallAnonymizer(t), attackPair(t).Full
	again, err := a.Decode(d.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != d.Digest() || !bytes.Equal(again.Encode(), d.Encode()) {
		t.Error("another draft came back")
	}
}

// Whoever is given what a draft says can't change the draft by it.
func TestBodyIsACopy(t *testing.T) {
	d := attackPair(t).Full
	body := d.Body()
	if again, err := seal(body); err != nil || !bytes.Equal(again.data, d.data) {
		t.Fatalf("a body doesn't say what its draft says: %v", err)
	}
	if scribbled := scribble(reflect.ValueOf(&body)); scribbled < 20 {
		t.Fatalf("only %d values were written over", scribbled)
	}
	if again, err := seal(d.Body()); err != nil || !bytes.Equal(again.data, d.data) {
		t.Errorf("the draft has changed with its copy: %v", err)
	}
}

// scribble writes over every text that can be reached, and says over how many.
func scribble(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.Pointer:
		return scribble(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			n += scribble(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += scribble(v.Index(i))
		}
	case reflect.String:
		v.SetString("x")
		n++
	}
	return n
}

func TestDecodeRefuses(t *testing.T) {
	a, d := smallAnonymizer(t), attackPair(t).Full
	text := string(d.Encode())
	for why, changed := range map[string]string{
		"another address of no right": strings.Replace(text, "91.219.236.18", "10.44.7.201", 1),
		"a name as a family":          strings.Replace(text, `"value":"LockBit"`, `"value":"Midorisawa"`, 1),
		"a new property":              strings.Replace(text, `{"format":1`, `{"format":1,"victim":"x"`, 1),
		"white space":                 strings.Replace(text, `{"format"`, `{ "format"`, 1),
		"an unconfirmed fact":         strings.Replace(text, `,"confirmed":true`, ``, 1),
		"no salt":                     strings.Replace(text, `"salt":"`, `"salt":"zz`, 1),
		"another format":              strings.Replace(text, `{"format":1`, `{"format":2`, 1),
		"nothing":                     "",
	} {
		if changed == text {
			t.Errorf("%s: the test changed nothing", why)
		}
		if _, err := a.Decode([]byte(changed)); err == nil {
			t.Errorf("%s: no error", why)
		}
	}
}

func TestWithout(t *testing.T) {
	a, d := smallAnonymizer(t), attackPair(t).Full
	key := "indicator:ipv4-addr:value:91.219.236.18"
	rebuilt, err := a.Without(d, []string{key}, seeded(9))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(rebuilt.Encode()), "91.219.236.18") {
		t.Error("the address is still in the draft or its analysis")
	}
	if !hasFact(rebuilt.Body().Facts, "tool:Mimikatz") || rebuilt.Digest() == d.Digest() {
		t.Error("the rest of the facts or the digest is wrong")
	}
}

func TestDraftHidesItself(t *testing.T) {
	d := attackPair(t).Full
	if s := fmt.Sprintf("%v %+v %#v %s", d, d, d, d); strings.Contains(s, "91.219") {
		t.Error("a draft in a log tells its facts")
	}
}

func TestRecord(t *testing.T) {
	a := smallAnonymizer(t)
	b := bundleOf(t, linked("ipv4-addr", "value", "91.219.236.18")...)
	pair := draft(t, a, Input{Bundle: b})
	r := pair.Record
	if !r.Verify(a.cfg.Policy, b) {
		t.Fatal("the record of a report isn't its own")
	}
	other := bundleOf(t, linked("ipv4-addr", "value", "91.219.236.19")...)
	if r.Verify(a.cfg.Policy, other) {
		t.Error("the record is that of another report too")
	}
	if len(r.Entries)+len(r.Filler) != 4096 {
		t.Errorf("%d leaves", len(r.Entries)+len(r.Filler))
	}
	if pair.Full.Body().Record != r.Commitment() || r.Commitment() == r.Root {
		t.Error("the draft doesn't carry the hiding commitment")
	}
	r.Entries[0].Action = Stated
	r.Entries[1].Action = NotReleasable
	if r.Verify(a.cfg.Policy, b) {
		t.Error("a changed action still verifies")
	}
	var buf bytes.Buffer
	if err := pair.Record.WriteClasses(&buf); err != nil {
		t.Fatal(err)
	}
	if s := buf.String(); strings.Contains(s, "91.219") || strings.Contains(s, "LockBit") || !strings.Contains(s, "/objects/*/value") {
		t.Error("the classes tell a value, or no place")
	}
}

func TestTreeGrows(t *testing.T) {
	for leaves, want := range map[int]int{0: 4096, 4096: 4096, 4097: 16384, 16385: 65536} {
		if got := treeSize(leaves); got != want {
			t.Errorf("%d leaves: %d, want %d", leaves, got, want)
		}
	}
}

func TestNoRandomness(t *testing.T) {
	a := smallAnonymizer(t)
	if _, err := a.Draft(Input{}); err == nil {
		t.Error("a draft without randomness")
	}
	if _, err := a.Draft(Input{Random: bytes.NewReader(make([]byte, 64))}); err == nil {
		t.Error("a draft with too little randomness")
	}
}

func TestMergedFacts(t *testing.T) {
	f := join(hub.Fact{Confidence: hub.Possible, Source: hub.FromProse, Single: true}, hub.Fact{Confidence: hub.Confirmed, Source: hub.FromObject, Step: 3, Confirmed: true})
	want := hub.Fact{Confidence: hub.Confirmed, Source: hub.FromObject, Step: 3, Single: true, Confirmed: true}
	if f != want {
		t.Errorf("%+v", f)
	}
}
