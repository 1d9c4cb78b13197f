package gate

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// A Register is a sector list made ready to be searched for: the needles of every
// row. It never changes and may be used by several goroutines.
type Register struct {
	digest    [32]byte
	needles   *matcher
	spelled   *matcher // names in Latin letters, as they are with digits for letters
	digests   *digests
	heard     *matcher // names in Latin letters by their sound
	near      *nearNames
	nets      netSet
	kindWords []string
	added     map[string]bool // what anybody adds to a name
}

// version changes whenever needles, folding or rules do: a register's digest says by
// which gate an output was checked.
const version = "gate 5"

// Compile reads a sector list as it stands in its CSV file: the header, and a row
// for each organisation with one cell per column. Cells that are private to an
// organisation must be empty where they are not to be searched for. A column of an
// unknown name is searched for as it stands.
//
// Errors name row and column by number, never a cell.
func Compile(header []string, rows [][]string) (*Register, error) {
	t, err := newTable(header, rows)
	if err != nil {
		return nil, fmt.Errorf("compiling the sector list: %w", err)
	}
	s := newSpellings(t)
	for _, row := range rows {
		s.row(row)
	}
	s.nets.sort()
	s.digests.sort()
	s.near.sort()
	kindWords := s.kindWords()
	return &Register{
		digest:    digestOf(header, rows),
		needles:   newMatcher(s.needles),
		spelled:   newMatcher(s.spelled),
		digests:   s.digests,
		heard:     newMatcher(s.heard),
		near:      s.near,
		nets:      s.nets,
		kindWords: kindWords,
		added:     addedWith(kindWords),
	}, nil
}

// Digest identifies the sector list and the version of the gate.
func (r *Register) Digest() [32]byte { return r.digest }

// digestOf hashes every cell behind its length, so that no two lists are alike.
func digestOf(header []string, rows [][]string) [32]byte {
	h := sha256.New()
	buf := []byte(version)
	flush := func(cells []string) {
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(cells)))
		for _, c := range cells {
			buf = binary.BigEndian.AppendUint64(buf, uint64(len(c)))
			buf = append(buf, c...)
		}
		h.Write(buf)
		buf = buf[:0]
	}
	flush(header)
	for _, row := range rows {
		flush(row)
	}
	return [32]byte(h.Sum(nil))
}
