package review

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"

	"isac/hub"
)

func TestShortIsWhoFindsTooFew(t *testing.T) {
	w := newWorld(1)
	members := []hub.Organisation{w.orgs["victim"], w.orgs["sibling"], w.orgs["a"]}
	names := func(want int) []string {
		list, err := Short(members, want, w)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, o := range list {
			out = append(out, o.ID)
		}
		return out
	}
	// For victim and sibling a, b, c and d; for a two of the seven others more.
	if got := names(Drawable); len(got) != 0 {
		t.Errorf("short of four: %v", got)
	}
	if got := names(5); !slices.Contains(got, "victim") || slices.Contains(got, "a") {
		t.Errorf("short of five: %v", got)
	}
	w.leave("mod-c")
	if got := names(Drawable); !slices.Contains(got, "victim") || slices.Contains(got, "a") {
		t.Errorf("without c: %v", got)
	}
	before := len(Moderators(w))
	at := slices.IndexFunc(w.people, func(p hub.Person) bool { return p.ID == "mod-b" })
	w.people[at].Key = nil
	if n := len(Moderators(w)); n != before-1 {
		t.Errorf("%d moderators after one of %d lost the key", n, before)
	}
}

// passkeys gives everybody a passkey in place of a key.
func (w *world) passkeys() {
	for i, p := range w.people {
		w.people[i].Passkeys = []hub.Passkey{{ID: []byte("of " + p.ID), Key: p.Key, RP: "localhost"}}
		w.people[i].Key = nil
	}
}

// tap signs with a person's passkey.
func (w *world) tap(t *testing.T, person string, p Purpose, d hub.Digest) Signed {
	t.Helper()
	client, err := json.Marshal(map[string]any{
		"type": "webauthn.get", "origin": "http://localhost",
		"challenge": base64.RawURLEncoding.EncodeToString(Challenge(SigningBytes(p, d))),
	})
	if err != nil {
		t.Fatal(err)
	}
	host, sum := sha256.Sum256([]byte("localhost")), sha256.Sum256(client)
	data := append(host[:], userPresent|userVerified, 0, 0, 0, 0)
	out, err := json.Marshal(Assertion{Credential: []byte("of " + person), Data: data, Client: client, Signature: ed25519.Sign(w.keys[person], slices.Concat(data, sum[:]))})
	if err != nil {
		t.Fatal(err)
	}
	return Signed{person, out}
}

// People who have passkeys alone are drawn, and two of them are two.
func TestPasskeysAloneAreEnough(t *testing.T) {
	s := newStory(t)
	s.w.passkeys()
	digest := s.draft(hub.Flash, "draft")
	s.do(s.c.Consent(s.now, hub.Flash, digest, s.w.tap(t, "reporter", ToConsent, digest), s.w))
	for _, seat := range s.draw(hub.Flash) {
		v := s.vote(seat, hub.Flash)
		v.By = s.w.tap(t, seat.Person, ToApprove, v.Digest)
		s.do(s.c.Approve(s.now, v, s.w, clocks, s.w.random))
	}
	s.release(hub.Flash, 1)
	by := []Signed{s.w.tap(t, "sec-1", ByTelephone, digest), s.w.tap(t, "sec-2", ByTelephone, digest)}
	if err := checkPair(by, ByTelephone, []hub.Digest{digest}, s.w, hub.Secretariat); err != nil {
		t.Errorf("two of the secretariat: %v", err)
	}
	// One device under two names is one.
	for i := range s.w.people {
		if s.w.people[i].ID == "sec-2" {
			s.w.people[i].Passkeys[0].Key = s.w.keys["sec-1"].Public().(ed25519.PublicKey)
			s.w.keys["sec-2"] = s.w.keys["sec-1"]
		}
	}
	by[1] = s.w.tap(t, "sec-2", ByTelephone, digest)
	if err := checkPair(by, ByTelephone, []hub.Digest{digest}, s.w, hub.Secretariat); hub.KindOf(err) != hub.Forbidden {
		t.Errorf("one key for two people: %v", err)
	}
}
