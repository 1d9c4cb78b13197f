package review_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"testing"

	"isac/hub"
	"isac/hub/review"
)

// device is an authenticator as the standard describes it.
type device struct {
	t      *testing.T
	origin string
	host   string
	flags  byte
	typ    string
	cross  bool
	sign   func(message []byte) []byte
}

func (d device) assert(id, message []byte) []byte {
	client, err := json.Marshal(map[string]any{
		"type": d.typ, "challenge": base64.RawURLEncoding.EncodeToString(review.Challenge(message)),
		"origin": d.origin, "crossOrigin": d.cross,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	host := sha256.Sum256([]byte(d.host))
	data := append(host[:], d.flags, 0, 0, 0, 0)
	sum := sha256.Sum256(client)
	out, err := json.Marshal(review.Assertion{Credential: id, Data: data, Client: client, Signature: d.sign(append(append([]byte{}, data...), sum[:]...))})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func TestPasskeys(t *testing.T) {
	es, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := es.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	edPublic, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signES := func(message []byte) []byte {
		sum := sha256.Sum256(message)
		s, err := ecdsa.SignASN1(rand.Reader, es, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	signED := func(message []byte) []byte { return ed25519.Sign(ed, message) }
	person := hub.Person{ID: "p", Passkeys: []hub.Passkey{
		{ID: []byte("es"), Key: point, RP: "hub.example.jp"},
		{ID: []byte("ed"), Key: edPublic, RP: "localhost"},
	}}
	message := review.SigningBytes(review.ToApprove, hub.Sum([]byte("draft")))
	good := device{t: t, origin: "https://hub.example.jp", host: "hub.example.jp", flags: 5, typ: "webauthn.get", sign: signES}
	local := device{t: t, origin: "http://localhost:8080", host: "localhost", flags: 5, typ: "webauthn.get", sign: signED}
	for name, ok := range map[string]struct {
		d  device
		id string
	}{"ecdsa": {good, "es"}, "ed25519 on this machine": {local, "ed"}} {
		if !review.PasskeySigned(person, message, ok.d.assert([]byte(ok.id), message)) {
			t.Errorf("%s: refused", name)
		}
	}
	bad := func(name string, change func(*device), id string, signed []byte) {
		d := good
		change(&d)
		if review.PasskeySigned(person, message, d.assert([]byte(id), signed)) {
			t.Errorf("%s: taken", name)
		}
	}
	same := func(*device) {}
	bad("another purpose", same, "es", review.SigningBytes(review.ToRecall, hub.Sum([]byte("draft"))))
	bad("another draft", same, "es", review.SigningBytes(review.ToApprove, hub.Sum([]byte("other"))))
	bad("an unknown passkey", same, "xx", message)
	bad("no passkey", same, "", message)
	bad("the person's other passkey", same, "ed", message)
	bad("another key", func(d *device) { d.sign = signED }, "es", message)
	bad("not present", func(d *device) { d.flags = 4 }, "es", message)
	bad("not verified", func(d *device) { d.flags = 1 }, "es", message)
	bad("a registration", func(d *device) { d.typ = "webauthn.create" }, "es", message)
	bad("inside a foreign page", func(d *device) { d.cross = true }, "es", message)
	bad("another host", func(d *device) { d.origin = "https://hub.example.jp.attacker.example" }, "es", message)
	bad("no encryption", func(d *device) { d.origin = "http://hub.example.jp" }, "es", message)
	bad("data of another host", func(d *device) { d.host = "attacker.example" }, "es", message)
	for _, junk := range []string{"", "{}", "null", "[]", `{"data":"AAAA"}`, `{"credential":"ZXM=","client":"e30="}`} {
		if review.PasskeySigned(person, message, []byte(junk)) {
			t.Errorf("%q: taken", junk)
		}
	}
	if review.PasskeySigned(hub.Person{ID: "q"}, message, good.assert([]byte("es"), message)) {
		t.Error("another person's passkey was taken")
	}
}
