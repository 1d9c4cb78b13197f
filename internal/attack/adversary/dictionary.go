package adversary

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"

	"isac/hub"
)

// Dictionary hashes everything that it can guess of the organisations of a sector,
// with every namespace and digest in use, and compares with every id, digest and
// commitment of the alerts.
type Dictionary struct {
	tokens map[[6]byte][]int // beginnings of what stands in the alerts → the alerts
	shared map[[6]byte]int   // in how many of them
}

var (
	uuid   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	digest = regexp.MustCompile(`\b[0-9a-f]{32,128}\b`)
	mark64 = regexp.MustCompile(`[A-Za-z0-9+/_-]{22,88}={0,2}`)
)

// NewDictionary takes in what stands in each of the alerts.
func NewDictionary(alerts [][]byte) *Dictionary {
	d := &Dictionary{tokens: map[[6]byte][]int{}, shared: map[[6]byte]int{}}
	for i, data := range alerts {
		for token := range tokensOf(data) {
			d.shared[token]++
			if list := d.tokens[token]; len(list) < 50 {
				d.tokens[token] = append(list, i)
			}
		}
	}
	return d
}

func tokensOf(data []byte) map[[6]byte]bool {
	out := map[[6]byte]bool{}
	put := func(b []byte, err error) {
		if err == nil && len(b) >= 16 {
			out[[6]byte(b)] = true
		}
	}
	for _, u := range uuid.FindAll(data, -1) {
		put(hex.DecodeString(strings.ReplaceAll(string(u), "-", "")))
	}
	for _, h := range digest.FindAll(data, -1) {
		put(hex.DecodeString(string(h[:len(h)/2*2])))
	}
	for _, m := range mark64.FindAll(data, -1) {
		put(base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(string(m), "="))))
	}
	return out
}

// Guess returns the alerts in which a guess about an organisation is confirmed.
func (d *Dictionary) Guess(o hub.Organisation) []int {
	var found []int
	for _, text := range guesses(o) {
		for _, h := range hashesOf(text) {
			found = append(found, d.tokens[h]...)
		}
	}
	return found
}

// guesses are what can be guessed of an organisation, in the forms in which programs
// hash it.
func guesses(o hub.Organisation) []string {
	of := map[string]string{
		"id": o.ID, "name": o.NameJA, "kana": o.NameKana, "romaji": o.NameRomaji, "legal": o.LegalName, "abbr": o.AbbrJA, "abbr_en": o.AbbrEN,
		"domain": o.Domain, "mail": o.Mail, "phone": o.Phone, "postal": o.Postal, "address": o.Address, "municipality": o.Prefecture + o.Municipality,
		"ipv4": o.IPv4, "private": o.IPv4Private, "prefix": o.HostnamePrefix, "operator": o.Operator,
	}
	var out []string
	for _, field := range strength.Dictionary.Fields {
		v := of[field]
		if v == "" {
			continue
		}
		for _, form := range strength.Dictionary.Forms {
			out = append(out, written(form, v))
		}
	}
	return out
}

// written puts a value into a form of strength.toml, where {} stands for it; in a
// form with braces of JSON it is escaped.
func written(form, v string) string {
	switch {
	case form == "lower":
		return strings.ToLower(v)
	case strings.HasPrefix(form, "{"):
		quoted, err := json.Marshal(v)
		if err != nil {
			return v
		}
		return strings.ReplaceAll(form, `"{}"`, string(quoted))
	}
	return strings.ReplaceAll(form, "{}", v)
}

// hashesOf are the beginnings of all digests and name-based UUIDs of a text.
func hashesOf(text string) [][6]byte {
	var out [][6]byte
	data := []byte(text)
	for _, name := range strength.Dictionary.Hashes {
		sum := digests[name](data)
		out = append(out, [6]byte(sum))
	}
	for _, ns := range namespaces {
		both := append(ns[:len(ns):len(ns)], data...)
		five, three := sha1.Sum(both), md5.Sum(both)
		out = append(out, [6]byte(five[:]), [6]byte(three[:]))
	}
	return out
}

var digests = map[string]func([]byte) []byte{
	"md5":    func(b []byte) []byte { s := md5.Sum(b); return s[:] },
	"sha1":   func(b []byte) []byte { s := sha1.Sum(b); return s[:] },
	"sha256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"sha512": func(b []byte) []byte { s := sha512.Sum512(b); return s[:] },
}

// namespaces are those of strength.toml as bytes.
var namespaces = func() [][]byte {
	var out [][]byte
	for _, s := range strength.Dictionary.Namespaces {
		b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
		if err == nil {
			out = append(out, b)
		}
	}
	return out
}()

// Opens reports whether the commitment of a draft opens with its salt, which a
// moderator sees, over a guess about an organisation.
func Opens(commitment, salt []byte, o hub.Organisation) bool {
	for _, v := range []string{o.ID, o.NameJA, o.NameRomaji, o.Domain} {
		mac := hmac.New(sha256.New, salt)
		mac.Write([]byte(v))
		front := sha256.Sum256(append(salt[:len(salt):len(salt)], v...))
		back := sha256.Sum256(append([]byte(v), salt...))
		for _, sum := range [][]byte{mac.Sum(nil), front[:], back[:]} {
			if string(sum) == string(commitment) {
				return true
			}
		}
	}
	return false
}
