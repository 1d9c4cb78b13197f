package anonymize

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"isac/hub"
)

//go:embed policy.csv
var policyCSV []byte

// A Handling is what the policy says of one property.
type Handling string

// The handlings. None of them copies a value: they say what is read from it.
const (
	Keep       Handling = "keep"       // fixed words and booleans of the standard; read, the hub writes its own
	Vocabulary Handling = "vocabulary" // a fact if the value is one of a closed vocabulary
	Generate   Handling = "generate"   // prose: facts by closed vocabularies
	Coarsen    Handling = "coarsen"    // told in a few words at most
	Remap      Handling = "remap"      // a reference: places objects in the graph
	Regenerate Handling = "regenerate" // the hub makes its own
	Attacker   Handling = "attacker"   // a fact if it is checked to be the attacker's
	Drop       Handling = "drop"       // nothing is read
)

var handlings = []Handling{Keep, Vocabulary, Generate, Coarsen, Remap, Regenerate, Attacker, Drop}

// A Row is the policy for one property of one type. Type is a STIX type, the key
// of an extension, or the name of a nested structure. Inside names the type whose
// rows hold inside the value; "@extensions" means that keys are types.
type Row struct {
	Type, Property string
	Handling       Handling
	Inside         string
	Reason         string
}

// A Policy is the table of all rows. What has no row is left out.
type Policy struct {
	Version string
	Digest  hub.Digest
	rows    map[[2]string]Row
	types   map[string]bool
}

// DefaultPolicy returns the policy that is built in.
func DefaultPolicy() *Policy {
	p, err := ReadPolicy(bytes.NewReader(policyCSV))
	if err != nil {
		panic("the built-in policy: " + err.Error()) // the table is a constant, proved by a test
	}
	return p
}

//go:embed data/policies.txt
var policiesTXT string

// KnownPolicy returns the digest of a version of the built-in policy, old or current.
// Whoever has no other source can so tell whether an alert names a policy that was
// ever published under its version.
func KnownPolicy(version string) (hub.Digest, bool) {
	for line := range strings.Lines(policiesTXT) {
		f := strings.Fields(line)
		if len(f) != 2 || f[0] != version {
			continue
		}
		var d hub.Digest
		return d, d.UnmarshalText([]byte(f[1])) == nil
	}
	return hub.Digest{}, false
}

// ReadPolicy reads a table: a line "# version V", a header, then rows of type,
// property, class, inside, reason. An error names the line.
func ReadPolicy(r io.Reader) (*Policy, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading policy: %w", err)
	}
	first, rest, err := splitVersion(data)
	if err != nil {
		return nil, err
	}
	p := &Policy{Version: first, Digest: hub.Sum(data), rows: map[[2]string]Row{}, types: map[string]bool{}}
	cr := csv.NewReader(rest)
	cr.FieldsPerRecord = 5
	if _, err := cr.Read(); err != nil {
		return nil, fmt.Errorf("reading policy header: %w", err)
	}
	for line := 3; ; line++ {
		f, err := cr.Read()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading policy line %d: %w", line, err)
		}
		if err := p.add(Row{f[0], f[1], Handling(f[2]), f[3], f[4]}); err != nil {
			return nil, fmt.Errorf("reading policy line %d: %w", line, err)
		}
	}
}

func splitVersion(data []byte) (string, io.Reader, error) {
	br := bufio.NewReader(bytes.NewReader(data))
	line, err := br.ReadString('\n')
	version, ok := strings.CutPrefix(strings.TrimSpace(line), "# version ")
	if err != nil || !ok || version == "" {
		return "", nil, fmt.Errorf("reading policy: the first line is not %q", "# version V")
	}
	return version, br, nil
}

func (p *Policy) add(r Row) error {
	key := [2]string{r.Type, r.Property}
	if _, twice := p.rows[key]; twice {
		return fmt.Errorf("a second row for %s.%s", r.Type, r.Property)
	}
	if !slices.Contains(handlings, r.Handling) || r.Type == "" || r.Property == "" || r.Reason == "" {
		return fmt.Errorf("row %s.%s lacks a class or reason", r.Type, r.Property)
	}
	p.rows[key] = r
	p.types[r.Type] = true
	return nil
}

// Row returns the row of a property; false means that it is not known, and
// therefore left out.
func (p *Policy) Row(typ, property string) (Row, bool) {
	r, ok := p.rows[[2]string{typ, property}]
	return r, ok
}

// Knows reports whether the table has any row of the type.
func (p *Policy) Knows(typ string) bool { return p.types[typ] }

// Rows returns all rows by type and property.
func (p *Policy) Rows() []Row {
	rows := make([]Row, 0, len(p.rows))
	for _, r := range p.rows {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return strings.Compare(a.Type+"\x00"+a.Property, b.Type+"\x00"+b.Property)
	})
	return rows
}

// terms returns the words that types and properties are made of, in lower case:
// words of the standard, which name nobody.
func (p *Policy) terms() map[string]bool {
	words := map[string]bool{}
	for _, r := range p.rows {
		for _, name := range []string{r.Type, r.Property} {
			words[strings.ToLower(name)] = true
			for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' }) {
				words[strings.ToLower(w)] = true
			}
		}
	}
	return words
}
