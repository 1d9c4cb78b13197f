package review

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"isac/hub"
)

// Assertion is what a browser returns when a person signs with a passkey (Web
// Authentication Level 2, section 5.2.2). Its JSON takes the place of a plain
// signature.
type Assertion struct {
	Credential []byte `json:"credential"` // which passkey
	Data       []byte `json:"data"`       // authenticator data
	Client     []byte `json:"client"`     // client data, JSON
	Signature  []byte `json:"signature"`
}

// Challenge is what a browser is asked to sign for a message.
func Challenge(message []byte) []byte {
	sum := sha256.Sum256(message)
	return sum[:]
}

// The parts of authenticator data that are read (section 6.1).
const (
	hashLength   = 32
	flagsAt      = 32
	leastData    = 37
	userPresent  = 1 << 0
	userVerified = 1 << 2
)

// PasskeySigned reports whether signature is the JSON of an Assertion by one of the
// person's passkeys over the message. The person must have been present and verified
// by the device, at a page of the hub for which the passkey was made (section 7.2).
// Signature counters aren't looked at: passkeys that are kept on several devices have
// none.
func PasskeySigned(p hub.Person, message, signature []byte) bool {
	var a Assertion
	err := json.Unmarshal(signature, &a)
	if err != nil {
		return false
	}
	for _, k := range p.Passkeys {
		if len(k.ID) > 0 && bytes.Equal(k.ID, a.Credential) {
			return a.of(k, message)
		}
	}
	return false
}

func (a Assertion) of(k hub.Passkey, message []byte) bool {
	var client struct {
		Type, Challenge, Origin string
		CrossOrigin             bool
	}
	err := json.Unmarshal(a.Client, &client)
	if err != nil || client.Type != "webauthn.get" || client.CrossOrigin || !fromHub(client.Origin, k.RP) {
		return false
	}
	challenge, err := base64.RawURLEncoding.DecodeString(client.Challenge)
	if err != nil || !bytes.Equal(challenge, Challenge(message)) {
		return false
	}
	host := sha256.Sum256([]byte(k.RP))
	if len(a.Data) < leastData || !bytes.Equal(a.Data[:hashLength], host[:]) {
		return false
	}
	if flags := a.Data[flagsAt]; flags&userPresent == 0 || flags&userVerified == 0 {
		return false
	}
	sum := sha256.Sum256(a.Client)
	return verify(k.Key, append(bytes.Clone(a.Data), sum[:]...), a.Signature)
}

// fromHub reports whether a page's origin is the host for which a passkey was made,
// reached with encryption or on the same machine.
func fromHub(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || host == "" || u.Hostname() != host {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && host == "localhost"
}

// verify takes ECDSA over P-256 with SHA-256 (a key of 65 bytes) and Ed25519 (32).
func verify(key, message, signature []byte) bool {
	if len(key) == ed25519.PublicKeySize {
		return ed25519.Verify(key, message, signature)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), key)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(message)
	return ecdsa.VerifyASN1(public, sum[:], signature)
}
