package main

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/feedback"
	"isac/hub/register/automaton"
)

// indicator is a row of /api/v1/indicators, as far as it is looked for.
type indicator struct {
	Type     string `json:"type"` // STIX object path
	Value    string `json:"value"`
	Alert    string `json:"alert"`
	Standing feedback.Standing
}

// shortest is the least number of bytes that a value needs to be looked for in free
// text: shorter ones are everywhere.
const shortest = 4

// matcher finds indicators in lines of text.
type matcher struct {
	list    []indicator
	words   *automaton.Automaton
	of      [][]int // by pattern: places in list
	addrs   map[netip.Addr][]int
	nets    map[netip.Prefix][]int
	longest int // bytes of the longest pattern, and of anything a token may be
}

func newMatcher(list []indicator) *matcher {
	m := &matcher{list: list, addrs: map[netip.Addr][]int{}, nets: map[netip.Prefix][]int{}, longest: 256}
	at := map[string]int{}
	var patterns []string
	for i, row := range list {
		if m.network(row, i) || row.Type == string(hub.AS) {
			continue
		}
		value := strings.ToLower(strings.TrimSpace(row.Value))
		if len(value) < shortest {
			continue
		}
		n, ok := at[value]
		if !ok {
			n = len(patterns)
			at[value], patterns, m.of = n, append(patterns, value), append(m.of, nil)
			m.longest = max(m.longest, len(value))
		}
		m.of[n] = append(m.of[n], i)
	}
	m.words = automaton.New(patterns)
	return m
}

// network takes addresses and networks, which are compared as such.
func (m *matcher) network(row indicator, i int) bool {
	if row.Type != string(hub.IPv4) && row.Type != string(hub.IPv6) {
		return false
	}
	if a, err := netip.ParseAddr(row.Value); err == nil {
		m.addrs[a.Unmap()] = append(m.addrs[a.Unmap()], i)
	} else if p, err := netip.ParsePrefix(row.Value); err == nil {
		m.nets[p.Masked()] = append(m.nets[p.Masked()], i)
	}
	return true
}

// find returns the indicators in a line, each once. What ends within the first seen
// bytes was found before.
func (m *matcher) find(line string, seen int) []indicator {
	found := map[int]bool{}
	for n, text := range spellings(line) {
		if n > 0 {
			seen = 0 // lengths differ: better twice than never
		}
		m.findWords(text, seen, found)
		m.findAddrs(text, found)
	}
	var out []indicator
	for i, row := range m.list {
		if len(found) == 0 {
			break
		}
		if found[i] {
			out = append(out, row)
		}
	}
	return out
}

func (m *matcher) findWords(text string, seen int, found map[int]bool) {
	for hit := range m.words.All([]byte(text)) {
		if hit.End <= seen {
			continue
		}
		for _, i := range m.of[hit.Pattern] {
			if bounded(m.list[i].Type, text, hit.Start, hit.End) {
				found[i] = true
			}
		}
	}
}

// bounded reports whether text[start:end] stands for itself: not a part of a longer
// word, number or name.
func bounded(typ, text string, start, end int) bool {
	before, after := "", text[end:]
	if start > 0 {
		before = text[start-1 : start]
	}
	switch typ {
	case string(hub.Domain): // a subdomain is a hit, a longer name isn't
		if strings.HasPrefix(after, ".") && len(after) > 1 && wordy(after[1:2], "") {
			return false
		}
		return !wordy(before, "-_") && !wordy(after, "-_")
	case string(hub.FileName):
		return !wordy(before, "-_.") && !wordy(after, "-_")
	case string(hub.URL): // what lies below it is a hit
		return !wordy(before, "")
	}
	first, last := text[start:start+1], text[end-1:end]
	return !(wordy(first, "_") && wordy(before, "_")) && !(wordy(last, "_") && wordy(after, "_"))
}

// wordy reports whether s begins with a letter or digit of ASCII, or one of more.
func wordy(s, more string) bool {
	if s == "" {
		return false
	}
	c := s[0]
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || strings.IndexByte(more, c) >= 0
}

// findAddrs reads every token that can be an address, in any spelling of it.
func (m *matcher) findAddrs(text string, found map[int]bool) {
	if len(m.addrs)+len(m.nets) == 0 {
		return
	}
	part := func(r rune) bool { return !strings.ContainsRune("0123456789abcdef:.", r) }
	for token := range strings.FieldsFuncSeq(text, part) {
		a, ok := addrOf(token)
		if !ok {
			continue
		}
		for _, i := range m.addrs[a] {
			found[i] = true
		}
		for p, rows := range m.nets {
			if p.Contains(a) {
				for _, i := range rows {
					found[i] = true
				}
			}
		}
	}
}

// addrOf reads an address, with a word before it, a port or a final dot perhaps.
func addrOf(token string) (netip.Addr, bool) {
	token = strings.Trim(token, ".")
	if len(token) < 3 || len(token) > 64 || strings.IndexByte(token, '.') < 0 && strings.Count(token, ":") < 2 {
		return netip.Addr{}, false
	}
	for _, t := range []string{token, strings.TrimSuffix(token, ":")} {
		a, err := netip.ParseAddr(t)
		if err == nil {
			return a.Unmap(), true
		}
	}
	for part := range strings.SplitSeq(token, ":") {
		a, err := netip.ParseAddr(part)
		if err == nil {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// refang undoes the ways in which people make addresses harmless.
var refang = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[・]", ".", "\\.", ".",
	"[:]", ":", "[://]", "://", "hxxp", "http", "h**p", "http", "fxp://", "ftp://",
	"[@]", "@", "(@)", "@", "[at]", "@", "(at)", "@", "[/]", "/",
)

// spellings are the forms of a line in which values are looked for: as it is, with
// the escapes of JSON and URLs undone, and refanged. All are in lower case.
func spellings(line string) []string {
	text := strings.ToLower(line)
	out := []string{text}
	add := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if strings.Contains(text, "\\") {
		add(strings.NewReplacer("\\\\", "\\", "\\/", "/", "\\\"", "\"").Replace(text))
	}
	if strings.Contains(text, "%") {
		add(unpercent(text))
	}
	for _, s := range slices.Clone(out) {
		add(refang.Replace(s))
	}
	return out
}

// unpercent undoes percent escapes where they are whole.
func unpercent(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			c, err := url.PathUnescape(text[i : i+3])
			if err == nil {
				b.WriteString(strings.ToLower(c))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
