package stix

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"strings"
)

// ID is an identifier taken apart: "indicator--<uuid>".
type ID struct {
	Type string
	UUID [16]byte
}

// Version returns the version digit of the UUID, 4 for random ones.
func (id ID) Version() int { return int(id.UUID[6] >> 4) }

// String returns the identifier with the UUID in lower case.
func (id ID) String() string { return id.Type + "--" + uuidText(id.UUID) }

var errID = errors.New("reading identifier: want type--UUID")

// ParseID reads an identifier (section 2.9): a type name, two hyphens, and a UUID
// of the RFC 4122 variant, of any version and case. The nil UUID is refused.
func ParseID(s string) (ID, error) {
	const tail = len("--00000000-0000-4000-8000-000000000000")
	if len(s) < tail || s[len(s)-tail:len(s)-tail+2] != "--" {
		return ID{}, errID
	}
	id := ID{Type: s[:len(s)-tail]}
	if !IsTypeName(id.Type) || !parseUUID(&id.UUID, s[len(s)-tail+2:]) {
		return ID{}, errID
	}
	if id.UUID[8]&0xc0 != 0x80 {
		return ID{}, errID
	}
	return id, nil
}

// IsTypeName reports whether s can be the name of an object type: 3 to 250 of
// a-z, 0-9 and single hyphens, beginning with a letter, not ending in a hyphen.
func IsTypeName(s string) bool {
	if len(s) < 3 || len(s) > 250 || s[0] < 'a' || s[0] > 'z' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// NewID makes an identifier with a random (version 4) UUID of 16 random bytes.
func NewID(typ string, random [16]byte) string {
	return ID{typ, stamp(random, 4)}.String()
}

// Namespace is the hub's namespace for identifiers made from names. It never
// changes: the ids of released objects depend on it. In text it is
// b41829e6-a077-4ce1-a453-2706f3e2fc3f.
var Namespace = [16]byte{
	0xb4, 0x18, 0x29, 0xe6, 0xa0, 0x77, 0x4c, 0xe1, 0xa4, 0x53, 0x27, 0x06, 0xf3, 0xe2, 0xfc, 0x3f,
}

// NameID makes the one identifier that an object of the type and key has for
// ever: a UUIDv5 of Namespace over type, NUL and key. Keys are public or released
// knowledge only ("T1133"), never anything that an alert leaves out.
func NameID(typ, key string) string {
	return ID{typ, uuidV5(Namespace, typ+"\x00"+key)}.String()
}

func uuidV5(namespace [16]byte, name string) [16]byte {
	h := sha1.New() // RFC 4122 section 4.3 wants SHA-1
	h.Write(namespace[:])
	h.Write([]byte(name))
	return stamp([16]byte(h.Sum(nil)[:16]), 5)
}

func stamp(u [16]byte, version byte) [16]byte {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	return u
}

// parseUUID reads the form 8-4-4-4-12.
func parseUUID(u *[16]byte, s string) bool {
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	_, err := hex.Decode(u[:], []byte(digits))
	return err == nil
}

func uuidText(u [16]byte) string {
	s := hex.EncodeToString(u[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
