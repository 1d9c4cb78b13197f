package anonymize

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// An Action is what was done with a property.
type Action string

// The actions. Not-releasable is one word for everything that an attacker's value
// can be refused for, so that nobody learns whose a value is.
const (
	Stated        Action = "fact"           // gave a fact
	Read          Action = "read"           // read; the hub writes its own
	Placed        Action = "placed"         // used to place objects in the graph
	LeftOut       Action = "left-out"       // nothing of it goes out
	NotReleasable Action = "not-releasable" // could have been a fact, may not be one
)

// An Entry is one property of the report in the record.
type Entry struct {
	Type   string `json:"type"`    // STIX type, * where unknown
	Class  string `json:"pointer"` // JSON pointer with indexes and unknown names as *
	Rule   string `json:"rule"`    // the policy's handling, or "unknown"
	Action Action `json:"action"`
	Salt   []byte `json:"salt"` // 32 bytes
	Place  int    `json:"place"`
}

// A Record says of every property of a report what was done with it. It is sealed
// with the case: its salts let whoever has the original check the whole. Outside,
// only Commitment is ever told.
type Record struct {
	Policy  hub.Digest `json:"policy"`
	Entries []Entry    `json:"entries"` // in the order of the walk
	Filler  [][]byte   `json:"filler"`  // leaves that stand for nothing, by place
	Root    hub.Digest `json:"root"`
	Blind   []byte     `json:"blind"` // 32 bytes
}

// ReadRecord reads a record that was kept as JSON. What it says is checked by Verify.
func ReadRecord(data []byte) (Record, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var r Record
	if err := dec.Decode(&r); err != nil {
		return Record{}, &hub.Error{Kind: hub.Invalid, Text: "anonymize.no-record", Err: fmt.Errorf("reading record: %w", err)}
	}
	if dec.More() || !r.whole() {
		return Record{}, hub.E(hub.Invalid, "anonymize.no-record")
	}
	return r, nil
}

// whole reports whether all that is hashed has its one length: what could be read in
// two ways could commit to two reports.
func (r Record) whole() bool {
	short := func(b []byte) bool { return len(b) != 32 }
	return len(r.Blind) == 32 && !slices.ContainsFunc(r.Filler, short) && !slices.ContainsFunc(r.Entries, func(e Entry) bool { return short(e.Salt) })
}

// treeSize is what a tree is filled up to, so that it tells little of a report's size.
func treeSize(leaves int) int {
	size := 4096
	for size < leaves {
		size *= 4
	}
	return size
}

// record commits to every leaf under a fresh salt, in a random order.
func (u *unit) record() (Record, error) {
	size := treeSize(len(u.leaves))
	random := make([]byte, 32*(size+1)+8*size)
	if _, err := io.ReadFull(u.in.Random, random); err != nil {
		return Record{}, fmt.Errorf("reading randomness: %w", err)
	}
	places := shuffled(size, random[32*(size+1):])
	r := Record{
		Policy: u.cfg.Policy.Digest, Blind: random[32*size : 32*(size+1)],
		Entries: make([]Entry, 0, len(u.leaves)), Filler: make([][]byte, 0, size-len(u.leaves)),
	}
	actions := u.actions()
	for i, l := range u.leaves {
		r.Entries = append(r.Entries, Entry{
			Type: l.typ, Class: l.class, Rule: string(l.handling), Action: actions[i], Salt: random[32*i : 32*(i+1)], Place: places[i],
		})
	}
	for i := len(u.leaves); i < size; i++ {
		r.Filler = append(r.Filler, random[32*i:32*(i+1)])
	}
	root, err := r.root(u.leaves)
	if err != nil {
		return Record{}, err
	}
	r.Root = root
	return r, nil
}

// shuffled is a random order of n places, by eight random bytes each.
func shuffled(n int, random []byte) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := int(binary.BigEndian.Uint64(random[8*i:]) % uint64(i+1)) // bias below 2^-48
		places[i], places[j] = places[j], places[i]
	}
	return places
}

// Commitment is all of the record that goes out: it hides the root, and so says
// nothing, not even about a report that somebody guesses.
func (r Record) Commitment() hub.Digest {
	return hub.Sum(slices.Concat([]byte("isac record\x00"), r.Blind, r.Root[:]))
}

// Verify reports whether the record is the one of this report under this policy:
// every property is there, with the handling that the policy says. Whether it is the
// record of an alert, the commitment in the alert tells.
func (r Record) Verify(p *Policy, b stix.Bundle) bool {
	leaves := walk(p, b)
	if !r.whole() || r.Policy != p.Digest || len(leaves) != len(r.Entries) || len(r.Entries)+len(r.Filler) != treeSize(len(leaves)) {
		return false
	}
	for i, l := range leaves {
		e := r.Entries[i]
		if e.Type != l.typ || e.Class != l.class || e.Rule != string(l.handling) {
			return false
		}
	}
	root, err := r.root(leaves)
	return err == nil && root == r.Root
}

// root hashes the tree: leaves with a 0 before them, nodes with a 1.
func (r Record) root(leaves []leaf) (hub.Digest, error) {
	size := len(r.Entries) + len(r.Filler)
	level := make([][32]byte, size)
	taken := make([]bool, size)
	for i, e := range r.Entries {
		if e.Place < 0 || e.Place >= size || taken[e.Place] {
			return hub.Digest{}, fmt.Errorf("record: places out of order")
		}
		taken[e.Place] = true
		sum, err := e.commit(leaves[i])
		if err != nil {
			return hub.Digest{}, err
		}
		level[e.Place] = sum
	}
	next := 0
	var empty []byte
	for place := range level {
		if !taken[place] {
			empty = append(append(empty[:0], 0), r.Filler[next]...)
			level[place] = sha256.Sum256(empty)
			next++
		}
	}
	for len(level) > 1 {
		var pair [65]byte
		pair[0] = 1
		for i := 0; i < len(level); i += 2 {
			copy(pair[1:33], level[i][:])
			copy(pair[33:], level[i+1][:])
			level[i/2] = sha256.Sum256(pair[:])
		}
		level = level[:len(level)/2]
	}
	return level[0], nil
}

// commit hashes one entry with its value under its salt.
func (e Entry) commit(l leaf) ([32]byte, error) {
	value, err := json.Marshal(l.value)
	if err != nil {
		return [32]byte{}, fmt.Errorf("record: %w", err)
	}
	data := make([]byte, 0, 128+len(value))
	data = append(append(data, 0), e.Salt...)
	for _, s := range []string{e.Type, e.Class, e.Rule, string(e.Action), l.path} {
		data = binary.AppendUvarint(data, uint64(len(s)))
		data = append(data, s...)
	}
	return sha256.Sum256(append(data, value...)), nil
}

// A Class is how many properties of one place were handled in one way.
type Class struct {
	Type    string `json:"type"`
	Pointer string `json:"pointer"`
	Rule    string `json:"rule"`
	Action  Action `json:"action"`
	Count   int    `json:"count"`
}

// Classes sums the record up by place and handling. It holds no value.
func (r Record) Classes() []Class {
	counts := map[Class]int{}
	for _, e := range r.Entries {
		counts[Class{Type: e.Type, Pointer: e.Class, Rule: e.Rule, Action: e.Action}]++
	}
	out := make([]Class, 0, len(counts))
	for c, n := range counts {
		c.Count = n
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Class) int {
		key := func(c Class) string {
			return strings.Join([]string{c.Type, c.Pointer, c.Rule, string(c.Action)}, "\x00")
		}
		return strings.Compare(key(a), key(b))
	})
	return out
}

// WriteClasses writes the classes as JSON lines.
func (r Record) WriteClasses(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, c := range r.Classes() {
		if err := enc.Encode(c); err != nil {
			return fmt.Errorf("writing record: %w", err)
		}
	}
	return nil
}

// String hides the salts.
func (r Record) String() string { return "record of " + strconv.Itoa(len(r.Entries)) + " properties" }
