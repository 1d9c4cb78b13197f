package analysis

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// The values of a kind are written out up to mostValues of them; a longer one
// than longestValue never is. All are in the alert's indicator objects anyway.
const (
	mostValues   = 10
	longestValue = 120
)

// indicatorKinds are the kinds in the order of the page; plain ones are one token
// that may be written out.
var indicatorKinds = []struct {
	kind  hub.Kind
	plain bool
}{
	{hub.IPv4, true}, {hub.IPv6, true},
	{hub.Domain, true}, {hub.URL, true},
	{hub.Mail, true}, {hub.MailSubject, false},
	{hub.SHA256, true}, {hub.SHA1, true}, {hub.MD5, true},
	{hub.SHA512, false}, {hub.SSDEEP, false}, {hub.TLSH, false},
	{hub.FileName, true},
	{hub.FilePath, false}, {hub.CommandLine, false}, {hub.RegistryKey, false}, {hub.RegistryValue, false},
	{hub.Service, false}, {hub.Mutex, false}, {hub.UserAgent, false},
	{hub.CertSHA256, false}, {hub.CertSHA1, false}, {hub.CertSerial, false},
	{hub.AS, false}, {hub.Pattern, false},
}

// indicatorLines count the indicators by kind and write out the few; that there
// are none is said too.
func (r *reading) indicatorLines() []hub.Text {
	byKind := map[hub.Kind][]string{}
	for _, f := range r.of(hub.Indicator) {
		byKind[f.Kind] = append(byKind[f.Kind], f.Value)
	}
	var lines []hub.Text
	for _, k := range indicatorKinds {
		if values := byKind[k.kind]; len(values) > 0 {
			lines = append(lines, r.kindLine(k.kind, k.plain, values))
		}
	}
	if len(lines) == 0 {
		return []hub.Text{r.word("indicators.none")}
	}
	return append(lines, r.word("indicators.note"))
}

func (r *reading) kindLine(kind hub.Kind, plain bool, values []string) hub.Text {
	line := fill(r.word("indicators.count"), "{name}", r.word("kind."+string(kind)), "{n}", strconv.Itoa(len(values)))
	if !plain || len(values) > mostValues {
		return line
	}
	var list []string
	for _, v := range values {
		if shown, ok := defang(kind, v); ok {
			list = append(list, shown)
		}
	}
	if len(list) == 0 {
		return line
	}
	text := strings.Join(list, ", ")
	return hub.Text{JA: line.JA + "：" + text, EN: line.EN + ": " + text}
}

// defang writes a value so that no program opens it by mistake: hxxp, [.], [@].
// It is false for what isn't one short, printable token of its kind.
func defang(kind hub.Kind, value string) (string, bool) {
	if value == "" || utf8.RuneCountInString(value) > longestValue || !utf8.ValidString(value) {
		return "", false
	}
	for _, c := range value {
		if !unicode.IsPrint(c) || (c == ' ' && kind != hub.FileName) || strings.ContainsRune("{}<>|`", c) {
			return "", false
		}
	}
	switch kind {
	case hub.IPv6:
		return strings.ReplaceAll(value, ":", "[:]"), true
	case hub.IPv4, hub.Domain:
		return strings.ReplaceAll(value, ".", "[.]"), true
	case hub.Mail:
		return strings.NewReplacer("@", "[@]", ".", "[.]").Replace(value), true
	case hub.URL:
		return defangURL(value)
	}
	return value, true
}

// defangURL breaks scheme and host; the rest may name things and stays.
func defangURL(value string) (string, bool) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	scheme, rest, _ := strings.Cut(value, "://")
	scheme = strings.NewReplacer("http", "hxxp", "ftp", "fxp").Replace(strings.ToLower(scheme))
	host := strings.ReplaceAll(rest[:len(u.Host)], ".", "[.]")
	return scheme + "://" + host + rest[len(u.Host):], true
}

func lower(s string) string { return strings.ToLower(s) }
