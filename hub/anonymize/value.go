package anonymize

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"isac/hub"
)

// A verdict is what a value of the attacker's side looks like: its canonical
// form, and whether it is maybe made for one victim.
type verdict struct {
	value  string
	single bool
	ok     bool
}

var refused = verdict{}

// checks tells the shape that a value of each kind must have to go out at all.
// Whose it is and what names are in it is decided elsewhere.
var checks = map[hub.Kind]func(string) verdict{
	hub.IPv4:          checkAddr,
	hub.IPv6:          checkAddr,
	hub.Domain:        checkDomain,
	hub.URL:           checkURL,
	hub.Mail:          checkMail,
	hub.MailSubject:   checkClosedText,
	hub.MD5:           checkHash(32),
	hub.SHA1:          checkHash(40),
	hub.SHA256:        checkHash(64),
	hub.SHA512:        checkHash(128),
	hub.SSDEEP:        checkShape(`^\d{1,10}:[A-Za-z0-9+/]{3,80}:[A-Za-z0-9+/]{3,80}$`),
	hub.TLSH:          checkShape(`^(T1)?[A-Fa-f0-9]{70}$`),
	hub.FileName:      checkFileName,
	hub.FilePath:      checkPath,
	hub.CommandLine:   checkClosedText,
	hub.RegistryKey:   checkRegistryKey,
	hub.RegistryValue: checkClosedText,
	hub.Service:       checkMark(`^[A-Za-z0-9][A-Za-z0-9 ._\-]{1,79}$`),
	hub.Mutex:         checkMark(`^[A-Za-z0-9\\{][A-Za-z0-9 ._\-\\{}()@#&$]{2,127}$`),
	hub.UserAgent:     checkShape(`^[A-Za-z][A-Za-z0-9 ./;:,()_+\-]{2,250}$`),
	hub.CertSHA256:    checkHash(64),
	hub.CertSHA1:      checkHash(40),
	hub.CertSerial:    checkShape(`^[0-9A-Fa-f][0-9A-Fa-f: ]{5,127}$`),
	hub.AS:            checkShape(`^[1-9]\d{0,9}$`),
}

// sid is the beginning of an account id of one site.
var sid = regexp.MustCompile(`(?i)S-1-5-21-`)

// check gives the canonical form of an attacker-side value.
func check(kind hub.Kind, raw string) verdict {
	f, ok := checks[kind]
	if !ok || len(raw) > 2048 || sid.MatchString(raw) {
		return refused
	}
	return f(strings.TrimSpace(raw))
}

func checkShape(expr string) func(string) verdict {
	re := regexp.MustCompile(expr)
	return func(s string) verdict { return verdict{value: s, ok: re.MatchString(s)} }
}

// checkMark is for names that an attacker chose: long ones of one use are maybe
// made for the victim.
func checkMark(expr string) func(string) verdict {
	re := regexp.MustCompile(expr)
	return func(s string) verdict {
		return verdict{value: s, single: hasToken(s), ok: re.MatchString(s)}
	}
}

func checkHash(digits int) func(string) verdict {
	return func(s string) verdict {
		s = strings.ToLower(s)
		if len(s) != digits || strings.Trim(s, "0123456789abcdef") != "" {
			return refused
		}
		return verdict{value: s, ok: true}
	}
}

// unrouted are further ranges that are no one's on the internet.
var unrouted = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), // inside of carriers
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("64:ff9b:1::/48"),
}

// checkAddr takes one address or a prefix. What is no one's on the internet
// (private, loopback, link-local, multicast, carrier NAT) is the victim's.
func checkAddr(s string) verdict {
	s = strings.NewReplacer("[.]", ".", "(.)", ".", "[:]", ":").Replace(s)
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return refused
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	a := p.Addr().Unmap()
	if !public(a) || a.Zone() != "" {
		return refused
	}
	if p.IsSingleIP() {
		return verdict{value: a.String(), ok: true}
	}
	if p.Bits() < 8 {
		return refused
	}
	return verdict{value: p.Masked().String(), ok: true}
}

func public(a netip.Addr) bool {
	if v4, ok := embedded(a); ok && !public(v4) {
		return false
	}
	return a.IsValid() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !a.IsMulticast() &&
		!a.IsUnspecified() && !a.IsLinkLocalMulticast() && !slices.ContainsFunc(unrouted, func(p netip.Prefix) bool { return p.Contains(a) })
}

// inner lists the last labels of names that live inside one network.
var inner = map[string]bool{
	"local": true, "localdomain": true, "localhost": true, "lan": true, "internal": true, "intranet": true, "intra": true,
	"corp": true, "home": true, "private": true, "arpa": true, "workgroup": true, "ad": true, "domain": true,
}

var asciiName = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_\-]{0,61}[a-z0-9_])?\.)+([a-z]{2,63}|xn--[a-z0-9\-]{1,57}[a-z0-9])$`)

func checkDomain(s string) verdict {
	s = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".").Replace(strings.ToLower(s))
	s = strings.TrimSuffix(s, ".")
	if a, err := idna.Lookup.ToASCII(s); err == nil {
		s = a
	}
	if len(s) > 253 || !asciiName.MatchString(s) {
		return refused
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	if inner[last] {
		return refused
	}
	return verdict{value: s, single: last == "onion" || last == "i2p", ok: true}
}

var schemes = map[string]bool{"http": true, "https": true, "ftp": true, "ftps": true, "sftp": true, "ws": true, "wss": true, "tcp": true, "udp": true, "ldap": true}

func checkURL(s string) verdict {
	s = strings.NewReplacer("[.]", ".", "(.)", ".", "[:]", ":").Replace(s)
	if rest, ok := strings.CutPrefix(strings.ToLower(s), "hxxp"); ok {
		s = "http" + s[len(s)-len(rest):]
	}
	u, err := url.Parse(s)
	if err != nil || !schemes[strings.ToLower(u.Scheme)] || u.User != nil || u.Host == "" {
		return refused
	}
	host := checkHost(u.Hostname())
	if !host.ok || !plainASCII(s) || !plainASCII(u.Path) || !plainASCII(u.Fragment) {
		return refused
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.ToLower(u.Host)
	return verdict{value: u.String(), single: host.single || hasToken(u.Path) || talks.MatchString(u.Path) || u.RawQuery != "" || u.Fragment != "", ok: true}
}

// talks are paths by which a victim is talked to, or its data shown: of one victim.
var talks = regexp.MustCompile(`(?i)/(chat|client|customer|victims?|leaks?|leaked|dataleak|negotiat\w*|decrypt\w*|recover\w*|ticket|support|companies|company)s?/[^/]`)

func checkHost(s string) verdict {
	if v := checkAddr(s); v.ok {
		return v
	}
	return checkDomain(s)
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

var mailLocal = regexp.MustCompile(`^[A-Za-z0-9._%+\-]{1,64}$`)

func checkMail(s string) verdict {
	s = strings.NewReplacer("[.]", ".", "[@]", "@", "[at]", "@").Replace(s)
	local, domain, ok := strings.Cut(s, "@")
	if !ok || !mailLocal.MatchString(local) {
		return refused
	}
	v := checkDomain(domain)
	if !v.ok {
		return refused
	}
	return verdict{value: strings.ToLower(local) + "@" + v.value, single: hasToken(local), ok: true}
}

var fileName = regexp.MustCompile(`^[A-Za-z0-9._ +()\[\]{}!@#$%&~^'=,\-]{1,128}$`)

// checkFileName takes a plain name. A name that isn't a well-known one is maybe
// made for the victim: samples are renamed to the name of a site.
func checkFileName(s string) verdict {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		return refused
	}
	if !fileName.MatchString(s) || len(strings.Trim(s, ". ")) < 4 {
		return refused
	}
	return verdict{value: s, single: !closedWord(strings.ToLower(s)), ok: true}
}

// checkPath takes a path all of whose folders are those of any system.
func checkPath(s string) verdict {
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == '/' || r == '\\' })
	if len(parts) == 0 || strings.HasPrefix(s, `\\`) || strings.HasPrefix(s, "//") {
		return refused
	}
	for _, p := range parts {
		if !closedWord(p) {
			return refused
		}
	}
	return verdict{value: s, ok: true}
}

// checkRegistryKey takes keys below the usual hives. The last part is the
// attacker's choice unless it is a well-known one.
func checkRegistryKey(s string) verdict {
	parts := strings.Split(s, `\`)
	hive := strings.ToLower(parts[0])
	if !plainSpaced(s) || len(parts) < 2 || !(strings.HasPrefix(hive, "hkey_") || strings.HasPrefix(hive, "hk")) {
		return refused
	}
	open := 0
	for _, p := range parts[1:] {
		if !closedWord(strings.ToLower(p)) {
			open++
		}
	}
	if open > 1 {
		return refused
	}
	return verdict{value: s, single: open > 0, ok: true}
}

func plainSpaced(s string) bool { return plainASCII(strings.ReplaceAll(s, " ", "")) && s != "" }

// checkClosedText takes a text every word of which is a well-known one: command
// lines of known tools, subjects of mass mail.
func checkClosedText(s string) verdict {
	words := splitWords(s)
	if len(strings.Join(words, "")) < 4 || !plainSpaced(s) {
		return refused // too little to find anything by
	}
	for _, w := range words {
		if !closedWord(strings.ToLower(w)) {
			return refused
		}
	}
	return verdict{value: strings.Join(strings.Fields(s), " "), ok: true}
}

func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\"'\\/,;|&>=:()", r) })
}

var longToken = regexp.MustCompile(`[0-9a-fA-F]{16,}|[a-z2-7]{32,}|[A-Za-z0-9_\-]{24,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-`)

// hasToken reports whether a text holds a long random-looking word.
func hasToken(s string) bool {
	for _, t := range longToken.FindAllString(s, -1) {
		if strings.ContainsAny(t, "0123456789") || len(t) >= 40 {
			return true
		}
	}
	return false
}
