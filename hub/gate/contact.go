package gate

import (
	"strings"
	"unicode/utf8"
)

// shared are second levels under which anybody can be: no part of a name.
var shared = map[string]bool{
	"co.jp": true, "or.jp": true, "ne.jp": true, "ac.jp": true, "go.jp": true, "lg.jp": true, "ed.jp": true, "gr.jp": true, "ad.jp": true,
	"co.uk": true, "org.uk": true, "ac.uk": true, "gov.uk": true, "nhs.uk": true, "com.au": true, "org.au": true, "gov.au": true, "co.nz": true, "com.br": true,
}

// net adds the domain with its parents, mail addresses and address ranges.
func (s *spellings) net(row []string) {
	d := strings.ToLower(strings.Trim(s.t.cell(row, "domain"), ". "))
	mail := strings.ToLower(s.t.cell(row, "mail"))
	for _, name := range domainForms(d) {
		s.add("domain", d, name, domain)
	}
	if own := ownLabel(d); len(own) >= 5 && s.words[squeeze(own)] < s.t.often() {
		r := label // may be any word: portal, west
		if len(own) >= grownFrom && s.ownWord(row, own) {
			r = word
			if len(squeeze(own)) >= grownFrom && !geographic(strings.Split(d, ".")) {
				r = grown
				s.withDigits("domain", d, squeeze(own))
				s.turned("domain", d, squeeze(own))
			}
		}
		s.add("domain", d, own, r)
	}
	if _, host, ok := strings.Cut(mail, "@"); ok && host != d {
		s.add("mail", mail, mail, word)
	}
	for _, column := range []string{"ipv4", "ipv4_private", "ipv6"} {
		for _, cidr := range strings.FieldsFunc(s.t.cell(row, column), func(r rune) bool { return strings.ContainsRune("|;, ", r) }) {
			s.nets.add(cidr)
		}
	}
	if p := s.t.cell(row, "hostname_prefix"); len(p) >= 2 {
		s.add("host", p, p, hostName)
	}
}

// ownWord reports whether a label says by itself whose it is: a part of it begins like
// a word of the row's name in Latin letters, or it is a Japanese word of some length.
func (s *spellings) ownWord(row []string, own string) bool {
	const telling = 5
	own = squeeze(own)
	words := append(strings.Fields(s.t.cell(row, "name_romaji")), romanizations(s.t.cell(row, "name_kana"))...)
	for _, w := range words {
		if w = squeeze(w); len(w) >= telling && s.words[w] < s.t.often() && strings.Contains(own, w[:telling]) {
			return true
		}
	}
	return japaneseWord(own)
}

// domainForms returns a domain and the parents of it that are not shared by all.
func domainForms(d string) []string {
	labels := strings.Split(d, ".")
	if len(labels) < 2 {
		return nil
	}
	out := []string{d}
	for i := 1; len(labels)-i >= 2; i++ {
		parent := strings.Join(labels[i:], ".")
		if shared[parent] || widelyUsed[parent] || geographic(labels[i:]) && len(labels)-i == 2 {
			break
		}
		if len(labels)-i == 2 && !strings.HasSuffix(parent, ".jp") && len(labels) > 3 {
			break // a host of many: somebody.pages.hosting.example
		}
		out = append(out, parent)
	}
	return out
}

// geographic reports whether labels end in a prefecture's domain (tokushima.jp).
func geographic(labels []string) bool {
	n := len(labels)
	return n >= 2 && labels[n-1] == "jp" && prefectures[labels[n-2]]
}

var prefectures = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range strings.Fields("hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa " +
		"niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama tottori shimane " +
		"okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa") {
		m[p] = true
	}
	return m
}()

// widelyUsed are domains of services that anybody uses, attackers too: a value under
// one of them says nothing about the others.
var widelyUsed = func() map[string]bool {
	m := map[string]bool{}
	for _, d := range strings.Fields("google.com googleapis.com microsoft.com windows.com office.com office365.com live.com outlook.com sharepoint.com onmicrosoft.com " +
		"github.com githubusercontent.com gitlab.com amazonaws.com amazon.com cloudfront.net azure.com windows.net azurewebsites.net dropbox.com box.com " +
		"mega.nz gmail.com yahoo.co.jp yahoo.com apple.com icloud.com telegram.org t.me discord.com discordapp.com pastebin.com wordpress.com " +
		"blogspot.com twitter.com x.com facebook.com youtube.com linkedin.com wikipedia.org cloudflare.com workers.dev pages.dev ngrok.io trycloudflare.com " +
		"virustotal.com mitre.org nist.gov cisa.gov first.org oasis-open.org jpcert.or.jp ipa.go.jp w3.org schema.org example.com") {
		m[d] = true
	}
	return m
}()

// ownLabel returns the label of a domain that its owner chose: the one in front of
// the public ending.
func ownLabel(d string) string {
	labels := strings.Split(d, ".")
	n := len(labels)
	switch {
	case n < 2:
		return ""
	case n >= 3 && (shared[strings.Join(labels[n-2:], ".")] || geographic(labels)):
		return labels[n-3]
	}
	return labels[n-2]
}

// contact adds phones, the postal code and the address.
func (s *spellings) contact(row []string) {
	for _, column := range []string{"phone", "fax"} {
		raw := s.t.cell(row, column)
		if digits := phoneDigits(raw); digits != "" {
			s.addFolded("phone", raw, digits, phone)
		}
	}
	if p := squeeze(s.t.cell(row, "postal")); len(p) == 7 {
		s.addFolded("postal", s.t.cell(row, "postal"), p, postal)
	}
	raw := s.t.cell(row, "address")
	local := strings.TrimPrefix(raw, s.t.cell(row, "prefecture"))
	local = strings.TrimPrefix(local, s.t.cell(row, "municipality"))
	if utf8.RuneCountInString(raw) >= 6 {
		s.add("address", raw, raw, anywhere)
	}
	name := strings.TrimRightFunc(beforeNumber(local), func(r rune) bool { return r == ' ' || r == '字' })
	switch n := utf8.RuneCountInString(name); {
	case n >= 4:
		s.add("place", raw, name, leftEdge)
	case n >= 2:
		s.add("place", raw, name, town)
	}
}

// phoneDigits returns the digits of a phone number without trunk 0 and country code,
// or "" where raw is none.
func phoneDigits(raw string) string {
	text := squeeze(raw)
	if strings.Trim(text, "0123456789") != "" {
		return ""
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, "00"), "81")
	text = strings.TrimPrefix(text, "0")
	if len(text) < 8 || len(text) > 11 {
		return ""
	}
	return text
}

// beforeNumber returns s up to its first digit.
func beforeNumber(s string) string {
	for i, r := range s {
		if scriptOf(r) == digit {
			return s[:i]
		}
	}
	return s
}
