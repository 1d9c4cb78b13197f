package prose

import (
	"bytes"
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	"isac/hub"
)

// tokens returns the runs of ASCII signs that values are written with, without the
// punctuation around them.
func tokens(s []byte) []span {
	var out []span
	over := joints(s)
	for i := 0; i < len(s); i++ {
		if !inValue(s[i]) {
			continue
		}
		start := i
		for i < len(s) {
			for len(over) > 0 && over[0].end <= i {
				over = over[1:]
			}
			if len(over) > 0 && over[0].start <= i && over[0].start > start {
				i = over[0].end
				continue
			}
			if !inValue(s[i]) && !inLink(s, start, i) {
				break
			}
			i++
		}
		if t := strip(s, span{start, i}); t.end-t.start >= shortestValue {
			out = append(out, t)
		}
	}
	return out
}

// shortestValue is the length in bytes below which nothing is a value.
const shortestValue = 4

// valueBytes are the bytes that may stand in an address, name, id or hash.
var valueBytes = func() (set [256]bool) {
	for i := range 256 {
		set[i] = word(byte(i)) || strings.IndexByte(".-_:/%?=&~#+@[]()", byte(i)) >= 0
	}
	return set
}()

func inValue(b byte) bool { return valueBytes[b] }

// inLink reports whether a sign by which prose separates belongs to the URL that began at
// start: one whose path ends there would be another than the attacker's. What follows
// it must go on as a path does, and be no value of its own: a log line has a victim's
// name or address there.
func inLink(s []byte, start, at int) bool {
	if strings.IndexByte(";,!$*'|", s[at]) < 0 || !bytes.Contains(s[start:at], []byte("://")) {
		return false
	}
	next := span{at + 1, at + 1}
	for next.end < len(s) && inValue(s[next.end]) {
		next.end++
	}
	next = strip(s, next)
	rest := s[next.start:next.end]
	_, _, listed := indicator(string(rest))
	return bytes.ContainsAny(rest, "/=") && !listed && !network(string(rest))
}

// strip takes punctuation off the ends of a token, and brackets that have no
// partner inside.
func strip(s []byte, t span) span {
	for t.start < t.end && strings.IndexByte(".-_:/?=&~#+)]", s[t.start]) >= 0 {
		t.start++
	}
	for t.start < t.end && (s[t.start] == '(' || s[t.start] == '[') {
		t.start++
	}
	for t.end > t.start && strings.IndexByte(".-:?=&~#+([", s[t.end-1]) >= 0 {
		t.end--
	}
	for t.end > t.start {
		text := string(s[t.start:t.end])
		if !(strings.HasSuffix(text, ")") && strings.Count(text, "(") < strings.Count(text, ")") ||
			strings.HasSuffix(text, "]") && strings.Count(text, "[") < strings.Count(text, "]")) {
			break
		}
		t.end--
	}
	return t
}

var refang = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "[dot]", ".", "(dot)", ".", "[:]", ":", "(:)", ":", "[://]", "://", "[/]", "/", "[@]", "@", "[at]", "@", "(at)", "@",
	"hxxps", "https", "hxxp", "http", "[", "", "]", "",
)

// indicator reads an address, domain name, URL, mail address or hash, plain or
// defanged. The value comes out plain. Addresses that nobody can reach from
// outside are none.
func indicator(text string) (hub.Kind, string, bool) {
	if !strings.ContainsAny(text, ".:@[ ") && !strings.Contains(text, "ドット") && len(text) < 32 {
		return "", "", false
	}
	plain := refang.Replace(rejoined(text))
	if kind, ok := hash(plain); ok {
		return kind, plain, true
	}
	if ip, ok := address(plain); ok {
		if ip.Is4() {
			return hub.IPv4, ip.String(), public(ip)
		}
		return hub.IPv6, ip.String(), public(ip)
	}
	if scheme, rest, ok := strings.Cut(plain, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		host, _, _ = strings.Cut(host, ":")
		return hub.URL, plain, (scheme == "http" || scheme == "https" || scheme == "ftp") && reachable(host)
	}
	if local, host, ok := strings.Cut(plain, "@"); ok {
		return hub.Mail, plain, local != "" && domain(host)
	}
	host, path, hasPath := strings.Cut(plain, "/")
	if hasPath && path != "" && plain != text && reachable(host) {
		return hub.URL, "http://" + plain, true
	}
	host, _, _ = strings.Cut(host, ":")
	return hub.Domain, host, domain(host)
}

// hash reads MD5, SHA-1, SHA-256 and SHA-512 by their length.
func hash(s string) (hub.Kind, bool) {
	if strings.Trim(s, "0123456789abcdef") != "" || strings.Trim(s, "0123456789") == "" {
		return "", false
	}
	switch len(s) {
	case 32:
		return hub.MD5, true
	case 40:
		return hub.SHA1, true
	case 64:
		return hub.SHA256, true
	case 128:
		return hub.SHA512, true
	}
	return "", false
}

// address reads an IP address, with a port or without.
func address(s string) (netip.Addr, bool) {
	if strings.Trim(s, "0123456789abcdef.:[]") != "" {
		return netip.Addr{}, false
	}
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		return ip.Unmap(), true
	}
	if at, err := netip.ParseAddrPort(s); err == nil {
		return at.Addr().Unmap(), true
	}
	return netip.Addr{}, false
}

// public reports whether an address can be somebody else's.
func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast()
}

// reachable reports whether a host is a public address or a domain name.
func reachable(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return public(ip)
	}
	return domain(host)
}

// fileEndings look like top-level domains and hardly ever are.
const fileEndings = " exe dll txt hta bat cmd vbs js ps1 log dat sys bin tmp bak cfg ini conf lnk zip rar gz tar doc docx docm xls xlsx xlsm ppt pptx pdf jpg jpeg png gif htm html php asp aspx jsp csv xml json yml yaml py sh iso img vhd vhdx msi jar class dit local lan internal home corp localhost md go mp4 avi "

// domain reports whether s is a domain name: two labels or more, the last of
// letters and not the ending of a file.
func domain(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
	}
	tld := labels[len(labels)-1]
	letters := strings.Trim(tld, "abcdefghijklmnopqrstuvwxyz") == "" || strings.HasPrefix(tld, "xn--")
	return letters && len(tld) >= 2 && !strings.Contains(fileEndings, " "+tld+" ") && registered(tld) && !code[s]
}

// registered reports whether names are registered under a top-level domain: the
// dots of "system.diagnostics.process" are those of a program.
func registered(tld string) bool {
	_, icann := publicsuffix.PublicSuffix("any." + tld)
	return icann || unregistered[tld]
}

// unregistered are top-level domains of other roots, and those reserved for
// examples, which count as any other.
var unregistered = map[string]bool{"i2p": true, "bit": true, "eth": true, "bazar": true, "example": true, "test": true, "invalid": true}

// code are names of programs and libraries that look like domain names.
var code = map[string]bool{"asp.net": true, "vb.net": true, "ado.net": true, "system.net": true, "socket.io": true, "microsoft.net": true}
