package review

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Purpose says what a person's signature is for. A signature for one purpose is
// worthless for every other.
type Purpose string

// The purposes. The thin ones accept a draft that says little. An approval that lets
// marks go is over Accepting in place of the draft's digest.
const (
	ToConsent       Purpose = "consent"           // the reporter's person, the draft's digest
	ByTelephone     Purpose = "consent-telephone" // the secretariat after a call, the draft's digest
	ToApprove       Purpose = "approve"           // a drawn moderator, the draft's digest
	ToApproveThin   Purpose = "approve-thin"
	ToEmergency     Purpose = "emergency" // the called two, the draft's digest
	ToEmergencyThin Purpose = "emergency-thin"
	ToWithdraw      Purpose = "withdraw" // digest of the bundle that is out, else of the draft
	ToRecall        Purpose = "recall"   // digest of the bundle that is out
	ToOpenOriginal  Purpose = "original" // a case officer, the report's digest
	ToReadRecord    Purpose = "record"   // the reporter's person, the record's commitment
)

// SigningBytes is what a person's key signs for a purpose: a label that no other
// message of the hub begins with, the purpose, and the digest in hex.
func SigningBytes(p Purpose, digest hub.Digest) []byte {
	return []byte("isac review v1\n" + string(p) + "\n" + digest.String() + "\n")
}

// Accepting is what an approval signs: the draft's digest, or where marks maybe made
// for the victim are let go, a digest of that and of each of their keys, in whatever
// order. Taking one from a list that was signed, or adding one, makes another.
func Accepting(draft hub.Digest, keys []string) hub.Digest {
	if len(keys) == 0 {
		return draft
	}
	var sums []string
	for _, key := range keys {
		sums = append(sums, hub.Sum([]byte(key)).String())
	}
	slices.Sort(sums)
	return hub.Sum([]byte("isac marks v1\n" + draft.String() + "\n" + strings.Join(sums, "\n") + "\n"))
}

// Terms are the joining terms that a member signed.
type Terms struct {
	Member    string    `json:"member"`
	Mode      string    `json:"mode"`   // "standing" or "ask"
	Person    string    `json:"person"` // who signed: a reporter of the member
	Version   string    `json:"version"`
	Signed    time.Time `json:"signed"`
	Signature []byte    `json:"signature"`
}

// SigningBytes is what the member's person signs at joining.
func (t Terms) SigningBytes() []byte {
	return []byte("isac terms v1\n" + t.Member + "\n" + t.Mode + "\n" + t.Version + "\n")
}

// Signed is a signature and the person who made it.
type Signed struct {
	Person    string `json:"person"`
	Signature []byte `json:"signature"`
}

// Roster is who is who, given by the caller.
type Roster interface {
	// Person returns a person, also one who has left.
	Person(id string) (hub.Person, bool)
	// People returns everyone on the roster now.
	People() []hub.Person
	Organisation(id string) (hub.Organisation, bool)
	TermsOf(member string) (Terms, bool)
}

// Hub is the organisation of the hub's own people, and stands for the reporter in a case
// that was made of released alerts.
const Hub = "hub"

// active returns a person who is on the roster now. A machine is no person.
func active(r Roster, id string) (hub.Person, error) {
	people := r.People()
	at := slices.IndexFunc(people, func(p hub.Person) bool { return p.ID == id })
	if id == "" || at < 0 {
		return hub.Person{}, hub.E(hub.Forbidden, "review.needs-person")
	}
	return people[at], nil
}

// check verifies the signature of a person for a purpose, over one of the digests.
func (s Signed) check(p hub.Person, purpose Purpose, digests ...hub.Digest) error {
	for _, d := range digests {
		if !d.IsZero() && signedBy(p, SigningBytes(purpose, d), s.Signature) {
			return nil
		}
	}
	return hub.E(hub.Unsigned, "review.bad-signature")
}

// signedBy takes a signature by the person's own key, or by one of the passkeys.
func signedBy(p hub.Person, message, signature []byte) bool {
	if len(signature) != ed25519.SignatureSize {
		return PasskeySigned(p, message, signature)
	}
	return len(p.Key) == ed25519.PublicKeySize && ed25519.Verify(p.Key, message, signature)
}

// canSign reports whether there is anything that the person signs with.
func canSign(p hub.Person) bool {
	return len(p.Key) == ed25519.PublicKeySize || len(p.Passkeys) > 0
}

// signer returns the public key behind a signature that was verified: the person's own,
// or that of one of the passkeys.
func signer(p hub.Person, signature []byte) []byte {
	if len(signature) == ed25519.SignatureSize {
		return p.Key
	}
	var a Assertion
	err := json.Unmarshal(signature, &a)
	if err != nil {
		return nil
	}
	for _, k := range p.Passkeys {
		if bytes.Equal(k.ID, a.Credential) {
			return k.Key
		}
	}
	return nil
}

// differ reports whether two verified signatures were made with different keys.
func differ(p hub.Person, a []byte, q hub.Person, b []byte) bool {
	one, other := signer(p, a), signer(q, b)
	return len(one) > 0 && len(other) > 0 && !bytes.Equal(one, other)
}

// standing returns the member's joining terms when they give standing consent and
// are signed by a reporter of the member.
// Stands reports whether joining terms serve for the flashes of a member, so that nobody
// is asked for them.
func Stands(r Roster, member string) bool {
	_, ok := standing(r, member)
	return ok
}

func standing(r Roster, member string) (Terms, bool) {
	t, ok := r.TermsOf(member)
	if !ok || t.Member != member || t.Mode != string(Standing) {
		return Terms{}, false
	}
	p, ok := r.Person(t.Person)
	return t, ok && t.SignedBy(p)
}

// SignedBy reports whether p is a reporter of the member and signed these terms.
func (t Terms) SignedBy(p hub.Person) bool {
	return p.ID == t.Person && p.Org == t.Member && p.Has(hub.Reporter) && signedBy(p, t.SigningBytes(), t.Signature)
}

// Verify checks the signature of a person for a purpose that isn't of a case.
func (s Signed) Verify(p hub.Person, purpose Purpose, digest hub.Digest) error {
	return s.check(p, purpose, digest)
}

// TwoKeys reports whether two verified signatures were made with different keys.
func TwoKeys(p hub.Person, a Signed, q hub.Person, b Signed) bool {
	return differ(p, a.Signature, q, b.Signature)
}
