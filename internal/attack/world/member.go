package world

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"

	"isac/hub"
)

// Member is a member with what only it has, besides its row of the sector list.
type Member struct {
	hub.Organisation
	Joined int    // year of every history
	Shows  string // the product that a scan finds, "" for none
	Staff  []Person
	// Contractor is one that serves this member.
	Contractor string
	Hosts      []string // names of machines: by the prefix, and one without
}

// Person is one of the staff.
type Person struct{ Kanji, Latin, User string }

func (w *World) member(i int) Member {
	r := w.dice(diceMember, i)
	m := Member{Organisation: w.List[i]}
	if r.IntN(10) >= 6 {
		m.Joined = r.IntN(Years)
	}
	if r.IntN(10) < 6 {
		m.Shows = shown(r)
	}
	for range 3 {
		s, g := pick(r, surnames), pick(r, givenNames)
		m.Staff = append(m.Staff, Person{s[0] + g[0], g[1] + " " + s[1], strings.ToLower(s[1]) + strconv.Itoa(10+r.IntN(90))})
	}
	m.Contractor = pick(r, contractForms) + pick(r, syllables) + pick(r, syllables) + pick(r, contractEnds)
	for range 2 {
		m.Hosts = append(m.Hosts, fmt.Sprintf("%s-%s%02d", m.HostnamePrefix, pick(r, hostRoles), 1+r.IntN(40)))
	}
	m.Hosts = append(m.Hosts, fmt.Sprintf("%s%dF-%s%02d", pick(r, []string{"NS", "GAIRAI", "YAKU", "JIM"}), 1+r.IntN(9), pick(r, hostRoles), 1+r.IntN(40)))
	return m
}

// shown draws a product by its share.
func shown(r *rand.Rand) string {
	at := r.IntN(100)
	for _, p := range products {
		if at -= p.share; at < 0 {
			return p.id
		}
	}
	return ""
}

// inside returns an address of a range, the n-th.
func inside(cidr string, n int) string {
	p, err := netip.ParsePrefix(strings.SplitN(cidr, "|", 2)[0])
	if err != nil {
		return ""
	}
	a := p.Addr()
	for range n {
		a = a.Next()
	}
	return a.String()
}
