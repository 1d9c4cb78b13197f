package find

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"strings"
)

// BucketBits is how many bits a bucket has at most.
const BucketBits = 32

// Canonical is the one form of a value by which it is asked for in private: as it would
// be without what made it harmless, in lower case, an address as it is usually written.
func Canonical(value string) string {
	value = strings.ToLower(Refanged(strings.TrimSpace(value)))
	a, err := netip.ParseAddr(value)
	if err == nil {
		return a.Unmap().String()
	}
	return strings.TrimSuffix(value, ".")
}

// Bucket is the first bits of SHA-256 of a value's canonical form. Who asks for all
// released values of a bucket says no more of the value than these bits.
func Bucket(value string, bits int) uint32 {
	sum := sha256.Sum256([]byte(Canonical(value)))
	return uint32(uint64(binary.BigEndian.Uint32(sum[:])) >> (BucketBits - bits))
}
