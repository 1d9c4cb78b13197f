package register

import (
	"net/netip"
	"slices"
	"strings"

	"isac/hub"
)

// ranges are the address blocks of members.
type ranges struct {
	blocks map[netip.Prefix]bool
	bits   []int          // lengths in use, shortest first, v4 and v6 apart by sign
	sorted []netip.Prefix // by first address
}

// own keeps what is not text: ranges and domains.
func (x *Index) own(o *hub.Organisation) {
	for _, cell := range []string{o.IPv4, o.IPv4Private, o.IPv6} {
		for _, block := range splitRanges(cell) {
			if p, err := netip.ParsePrefix(block); err == nil {
				x.ranges.add(p.Masked())
			}
		}
	}
	if d := strings.ToLower(strings.TrimSuffix(o.Domain, ".")); d != "" {
		x.zones[d] = true
		if r, place := Registrable(d); !place && !x.w.shared[r] {
			x.zones[r] = true
		}
	}
	if _, host, ok := strings.Cut(strings.ToLower(o.Mail), "@"); ok && !x.w.shared[host] {
		x.zones[host] = true
	}
}

func (r *ranges) add(p netip.Prefix) {
	if r.blocks == nil {
		r.blocks = map[netip.Prefix]bool{}
	}
	r.blocks[p] = true
}

func (r *ranges) seal() {
	for p := range r.blocks {
		r.sorted = append(r.sorted, p)
		if bits := signed(p); !slices.Contains(r.bits, bits) {
			r.bits = append(r.bits, bits)
		}
	}
	slices.Sort(r.bits)
	slices.SortFunc(r.sorted, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
}

// signed tells the length of a v6 prefix from that of a v4 one.
func signed(p netip.Prefix) int {
	if p.Addr().Is6() {
		return -p.Bits()
	}
	return p.Bits()
}

// has reports whether the address lies in a block.
func (r *ranges) has(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, bits := range r.bits {
		if a.Is6() != (bits < 0) {
			continue
		}
		p, err := a.Prefix(max(bits, -bits))
		if err == nil && r.blocks[p] {
			return true
		}
	}
	return false
}

// overlaps reports whether the block and one of ours share an address.
func (r *ranges) overlaps(p netip.Prefix) bool {
	p = p.Masked()
	if r.has(p.Addr()) {
		return true
	}
	i, _ := slices.BinarySearchFunc(r.sorted, p, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	return i < len(r.sorted) && p.Overlaps(r.sorted[i])
}

// OwnsAddr reports whether the address lies in a range of a member.
func (x *Index) OwnsAddr(a netip.Addr) bool { return a.IsValid() && x.ranges.has(a) }

// OwnsDomain reports whether the name is a domain of an organisation, its
// registrable parent, or lies under one; whole labels only, any case, a final dot
// and defanged dots allowed.
func (x *Index) OwnsDomain(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(strings.NewReplacer("[.]", ".", "(.)", ".").Replace(name), "."))
	for name != "" {
		if x.zones[name] {
			return true
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return false
}
