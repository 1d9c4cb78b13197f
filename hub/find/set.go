package find

import (
	"math/bits"
	"slices"
)

// Set is a set of alerts of an index, a bit for each. Sets are never changed once they
// are made, but by the index that makes them.
type Set []uint64

func (s Set) has(slot int) bool { return slot>>6 < len(s) && s[slot>>6]>>(slot&63)&1 == 1 }

func (s *Set) put(slot int) {
	for slot>>6 >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[slot>>6] |= 1 << (slot & 63)
}

func (s Set) take(slot int) {
	if slot>>6 < len(s) {
		s[slot>>6] &^= 1 << (slot & 63)
	}
}

// And are the alerts of both.
func (s Set) And(o Set) Set {
	out := make(Set, min(len(s), len(o)))
	for i := range out {
		out[i] = s[i] & o[i]
	}
	return out
}

// Or are the alerts of either.
func (s Set) Or(o Set) Set {
	if len(s) < len(o) {
		s, o = o, s
	}
	out := make(Set, len(s))
	copy(out, s)
	for i := range o {
		out[i] |= o[i]
	}
	return out
}

func (s Set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// posting are the alerts that have one thing: a list in the order in which they came,
// and bits once these take less room.
type posting struct {
	list []uint32
	set  Set
}

// dense is from how many alerts on a posting may become bits.
const dense = 64

func (p *posting) add(slot int) {
	switch {
	case p.set != nil:
		p.set.put(slot)
	case len(p.list) >= dense && len(p.list)*32 > slot:
		for _, had := range p.list {
			p.set.put(int(had))
		}
		p.list = nil
		p.set.put(slot)
	default:
		at, had := slices.BinarySearch(p.list, uint32(slot))
		if !had {
			p.list = slices.Insert(p.list, at, uint32(slot))
		}
	}
}

// into adds the alerts to a set that is being made.
func (p *posting) into(s *Set) {
	if p == nil {
		return
	}
	for _, slot := range p.list {
		s.put(int(slot))
	}
	for len(*s) < len(p.set) {
		*s = append(*s, 0)
	}
	for i, w := range p.set {
		(*s)[i] |= w
	}
}

// within is how many of the alerts are in a set.
func (p *posting) within(s Set) (n int) {
	for _, slot := range p.list {
		if s.has(int(slot)) {
			n++
		}
	}
	for i, w := range p.set[:min(len(p.set), len(s))] {
		n += bits.OnesCount64(w & s[i])
	}
	return n
}
