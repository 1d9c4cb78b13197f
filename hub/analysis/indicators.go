package analysis

import (
	"net/url"
	"regexp"
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

// indicatorKinds are the kinds in the order of the page.
var indicatorKinds = []hub.Kind{
	hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.Mail, hub.MailSubject,
	hub.SHA256, hub.SHA1, hub.MD5, hub.SHA512, hub.SSDEEP, hub.TLSH,
	hub.FileName, hub.FilePath, hub.CommandLine, hub.RegistryKey, hub.RegistryValue, hub.Service, hub.Mutex, hub.UserAgent,
	hub.CertSHA256, hub.CertSHA1, hub.CertSerial, hub.AS, hub.Pattern,
}

// indicatorLines count the indicators by kind and write out the few; that there
// are none is said too.
func (r *reading) indicatorLines() []hub.Text {
	var lines []hub.Text
	for _, kind := range indicatorKinds {
		if values := r.indicators[kind]; len(values) > 0 {
			lines = append(lines, r.kindLine(kind, values))
		}
	}
	if len(lines) == 0 {
		return []hub.Text{r.word("indicators.none")}
	}
	return append(lines, r.word("indicators.note"))
}

func (r *reading) kindLine(kind hub.Kind, values []string) hub.Text {
	line := fill(r.word("indicators.count"), "{name}", r.word("kind."+string(kind)), "{n}", strconv.Itoa(len(values)))
	if len(values) > mostValues {
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

// forms are what a value of a kind must look like to be written out.
var forms = map[hub.Kind]*regexp.Regexp{
	hub.IPv4:     regexp.MustCompile(`^\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?$`),
	hub.IPv6:     regexp.MustCompile(`^[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(/\d{1,3})?$`),
	hub.Domain:   regexp.MustCompile(`^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+$`),
	hub.URL:      regexp.MustCompile(`^(?:https?|ftp)://[^\s{}<>|]+$`),
	hub.Mail:     regexp.MustCompile(`^[\p{L}\p{N}._+-]+@[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+$`),
	hub.MD5:      regexp.MustCompile(`^[0-9A-Fa-f]{32}$`),
	hub.SHA1:     regexp.MustCompile(`^[0-9A-Fa-f]{40}$`),
	hub.SHA256:   regexp.MustCompile(`^[0-9A-Fa-f]{64}$`),
	hub.FileName: regexp.MustCompile(`^[^/\\{}<>|]*\.[\p{L}\p{N}_-]+$`),
}

// Defanged writes a value so that no program opens it by mistake, as far as its kind
// can be.
func Defanged(kind hub.Kind, value string) string {
	text, ok := defang(kind, value)
	if !ok {
		return value
	}
	return text
}

// defang writes a value so that no program opens it by mistake: hxxp, [.], [@].
// It is false for what isn't one short, printable token of its kind.
func defang(kind hub.Kind, value string) (string, bool) {
	form, plain := forms[kind]
	notPrintable := func(c rune) bool { return !unicode.IsPrint(c) }
	if !plain || !utf8.ValidString(value) || !form.MatchString(value) ||
		utf8.RuneCountInString(value) > longestValue || strings.ContainsFunc(value, notPrintable) {
		return "", false
	}
	switch kind {
	case hub.IPv6:
		return strings.NewReplacer(":", "[:]", ".", "[.]").Replace(value), true
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

// CountTexts returns the pieces that say how many there are of something, for every
// number up to most. A number in one may be that of something that was left out.
func (lib *Library) CountTexts(most int) []hub.Text {
	r := read(Input{Library: lib})
	var all []hub.Text
	for n := 1; n <= most; n++ {
		for _, key := range []string{"indicators.count", "list.more"} {
			all = append(all, fill(fill(r.word(key), "{name}", ""), "{n}", strconv.Itoa(n)))
		}
	}
	return all
}
