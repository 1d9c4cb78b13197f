// Package advisory is what the hub makes of published notices on vulnerabilities: it
// reads them in the forms in which they are published, says what they are about in the
// hub's own vocabulary, and holds the machine by which a person lets one go out.
//
// An advisory has no victim. So nothing is anonymized, one moderator's signature is
// enough, and what the publisher wrote goes out unedited, under the publisher's TLP, with
// a note of the hub beside it that is made of the vocabulary alone. The text is public
// before the hub has it. The gate therefore searches what the hub adds and holds that back
// as everywhere, but not the publisher's words: where these name an organisation of the
// sector, the moderator is told so before she signs, and nothing is left out by itself.
//
// A document is trusted for nothing. Readers are bounded in size, depth and number, open
// no XML entity and no document type, and what isn't of the form is an error or is left
// out. A notice under TLP:RED, or under a marking that the hub doesn't know, isn't taken.
//
//	list, err := advisory.Read(document, advisory.Source{Name: "kev", Form: advisory.KEV, TLP: hub.TLPClear}, vocabulary)
//	for _, a := range list {
//		fmt.Println(a.Title, a.CVEs, a.Products, a.Exploited)
//	}
package advisory

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/stix"
)

// Form is a form in which notices are published.
type Form string

// The forms. Any is found out from the document itself.
const (
	Any  Form = ""
	CSAF Form = "csaf" // OASIS CSAF 2.0, one document
	KEV  Form = "kev"  // CISA's catalogue of known exploited vulnerabilities, JSON
	JVN  Form = "jvn"  // JVNRSS and MyJVN: RSS 1.0 with the sec: names of JVN
	RSS  Form = "rss"  // RSS 2.0, RSS 1.0 without these names, and Atom
	STIX Form = "stix" // STIX 2.1: a bundle, or an envelope of TAXII 2.1
)

// Forms lists the forms that a source can have.
func Forms() []Form { return []Form{CSAF, KEV, JVN, RSS, STIX} }

// Source is where a document came from, and under which label what it doesn't label
// itself is published.
type Source struct {
	Name string  `json:"name"` // as the operator calls it: "jvn"
	Form Form    `json:"form"`
	TLP  hub.TLP `json:"tlp"` // clear when ""
}

// Advisory is one notice, and what the hub reads of it.
type Advisory struct {
	ID         string    `json:"id"`        // UUID made of publisher and key: the same over all versions and sources
	Source     string    `json:"source"`    // name of the source
	Form       Form      `json:"form"`      //
	Publisher  string    `json:"publisher"` // as it calls itself
	Key        string    `json:"key"`       // the publisher's own id: "JVNDB-2026-000001", "CVE-2026-0001"
	Version    string    `json:"version"`   // the publisher's, as it is written; "" where it has none
	Title      string    `json:"title"`
	Updated    time.Time `json:"updated,omitzero"` // by the publisher; zero where it doesn't say
	Named      []string  `json:"named"`            // products in the publisher's words
	Products   []string  `json:"products"`         // ids of product families of the vocabulary
	CVEs       []string  `json:"cves"`
	Exploited  bool      `json:"exploited"`  // known to be
	Techniques []string  `json:"techniques"` // ATT&CK ids
	TLP        hub.TLP   `json:"tlp"`
	URLs       []string  `json:"urls"`
	Notice     Notice    `json:"notice"`

	authority string // in which the key is one
}

// Notice is what the publisher wrote, byte for byte. Text is empty where it is longer than
// what goes along, or not readable as UTF-8; its digest and its address are there always.
type Notice struct {
	Type   string     `json:"type"` // media type
	Text   string     `json:"text,omitempty"`
	Size   int        `json:"size"` // bytes
	Digest hub.Digest `json:"digest"`
}

// Limits of what is kept of one notice; what is more is left out.
const (
	longestNotice = 200 << 10 // bytes of a text that goes along
	longestTitle  = 300       // characters
	longestName   = 200
	longestURL    = 1000
	mostNamed     = 50
	mostCVEs      = 100
	mostURLs      = 20
	mostFamilies  = 30
)

// mostNotices is how many notices of one document are read; a catalogue has some
// thousands.
const mostNotices = 20_000

// notice keeps what the publisher wrote.
func notice(typ string, data []byte) Notice {
	n := Notice{Type: typ, Size: len(data), Digest: hub.Sum(data)}
	if len(data) <= longestNotice && utf8.Valid(data) && !strings.ContainsFunc(string(data), unreadable) {
		n.Text = string(data)
	}
	return n
}

// unreadable are characters that a text for people and a STIX document don't have.
func unreadable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == utf8.RuneError || r == 0xfffe || r == 0xffff
}

// identify gives an advisory its id. Keys of feeds are those of the source alone, since a
// feed may number its items as it likes.
func (a *Advisory) identify() {
	a.ID = strings.TrimPrefix(stix.NameID("report", "advisory "+string(a.Form)+"\n"+a.authority+"\n"+a.Key), "report--")
}

// Digest is of all that a signature covers.
func (a Advisory) Digest() hub.Digest {
	data, err := json.Marshal(a)
	if err != nil {
		return hub.Digest{} // strings, numbers and times alone: only a year beyond 9999 fails
	}
	return hub.Sum(append([]byte("isac advisory v1\n"), data...))
}

// Severity is derived: what is exploited comes before what isn't.
func (a Advisory) Severity() hub.Severity {
	if a.Exploited {
		return hub.High
	}
	return hub.Medium
}

// Concerns reports whether one of the product families is in the advisory.
func (a Advisory) Concerns(products []string) bool {
	return slices.ContainsFunc(a.Products, func(p string) bool { return slices.Contains(products, p) })
}

// Newer reports whether a says something else than an advisory of the same id that is
// there already. A publisher that goes back in time says nothing new.
func (a Advisory) Newer(before Advisory) bool {
	switch {
	case a.Notice.Digest == before.Notice.Digest:
		return false
	case a.Updated.IsZero() || before.Updated.IsZero() || a.Updated.Equal(before.Updated):
		return a.Version == "" || a.Version != before.Version
	}
	return a.Updated.After(before.Updated)
}

// line makes a text one line of at most so many characters.
func line(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsSpace(r) || unreadable(r) || unicode.Is(unicode.Cf, r) }), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
