package adversary

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Needle is a value that somebody who knows the victim, or the sector, looks for.
type Needle struct{ Kind, Value string }

// A Search is one alert read in every way that the adversary knows.
type Search struct {
	squeezed string // letters and digits alone, of all readings
	plain    string // folded, signs and spaces as they are
}

// Read reads an output. Own tells texts that alerts of many victims have word for
// word: what they all say is said of nobody.
func Read(data []byte, own func(string) bool) *Search {
	var plain, squeezed strings.Builder
	for _, text := range readings(data, own) {
		folded := fold(text)
		plain.WriteString(folded)
		plain.WriteString("\n\n")
		squeezed.WriteString(squeeze(folded))
		squeezed.WriteString("\n")
	}
	return &Search{squeezed.String(), plain.String()}
}

// Same reports whether two texts are one to the search, as they stand.
func Same(a, b string) bool { return fold(a) == fold(b) }

// Find reports whether a needle is in the output, in any form that follows from it.
func (s *Search) Find(n Needle) bool {
	return slices.ContainsFunc(forms(n), s.has)
}

// A form is one way in which a needle may stand there.
type form struct {
	text    string
	bounded bool // no letter or digit of its kind beside it
	plain   bool // signs count
}

func (s *Search) has(f form) bool {
	text := s.squeezed
	if f.plain {
		text = s.plain
	}
	if f.text == "" {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], f.text)
		if i < 0 {
			return false
		}
		i += at
		if !f.bounded || apart(text, i, i+len(f.text)) {
			return true
		}
		at = i + 1
	}
}

func apart(text string, from, to int) bool {
	alnum := func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }
	if ranged(text[:from], text[to:]) { // "100〜199床" is no count of anybody
		return false
	}
	return !(from > 0 && alnum(text[from-1]) && alnum(text[from])) && !(to < len(text) && alnum(text[to]) && alnum(text[to-1]))
}

func ranged(before, after string) bool {
	for _, sign := range []string{"〜", "~", " to "} {
		if strings.HasSuffix(before, sign) {
			return true
		}
	}
	for _, sign := range []string{"以上", "未満", " or more"} {
		if strings.HasPrefix(after, sign) {
			return true
		}
	}
	return false
}

var corporations = regexp.MustCompile(`^(株式会社|有限会社|合同会社|医療法人社団|医療法人財団|社会医療法人|医療法人|国立大学法人|公立大学法人|独立行政法人|地方独立行政法人|社会福祉法人|学校法人)[ 　]*|(株式会社|有限会社|合同会社)$`)

// forms are what follows from a needle.
func forms(n Needle) []form {
	v := strings.TrimSpace(n.Value)
	switch n.Kind {
	case "phone", "fax", "postal code", "mac", "beds", "patients":
		return numberForms(n.Kind, fold(v))
	case "day":
		return dayForms(v)
	case "public address", "address v6", "inner address", "another's address":
		return addressForms(v)
	case "domain", "another's domain", "mail", "staff mail":
		return networkForms(fold(v))
	case "host", "other host", "another's host", "user", "case", "id", "operator":
		return idForms(fold(v))
	case "folder":
		return folderForms(fold(v))
	case "text": // in whatever form it was hidden
		if len(v) < 6 {
			return nil
		}
		return []form{{text: fold(v), plain: true}}
	}
	out := nameForms(v)
	if bare := corporations.ReplaceAllString(v, ""); bare != v {
		out = append(out, nameForms(bare)...)
	}
	return out
}

// nameForms: a name in kanji or kana anywhere; in Latin letters as words, or joined
// where it is long; each longer part of a Latin name.
func nameForms(v string) []form {
	low := fold(v)
	if utf8.RuneCountInString(low) == len(low) {
		out := []form{{text: low, bounded: true, plain: true}}
		if joined := squeeze(low); len(joined) >= 8 {
			out = append(out, form{text: joined})
		}
		if first, _, more := strings.Cut(low, " "); more && len(first) >= 6 {
			out = append(out, form{text: first, bounded: true, plain: true})
		}
		return out
	}
	joined := squeeze(low)
	if utf8.RuneCountInString(joined) < 2 {
		return nil
	}
	return []form{{text: joined}}
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func numberForms(kind, v string) []form {
	out := []form{{text: v, bounded: true, plain: true}}
	d := digitsOf(v)
	switch kind {
	case "phone", "fax":
		out = append(out, form{text: d, bounded: true}, form{text: "81" + strings.TrimPrefix(d, "0"), bounded: true})
		for _, sep := range []string{" ", ".", "(", "/"} {
			out = append(out, form{text: strings.NewReplacer("-", sep).Replace(v), bounded: true, plain: true})
		}
	case "postal code":
		out = append(out, form{text: strings.ReplaceAll(v, "-", ""), bounded: true, plain: true})
	case "mac":
		out = append(out, form{text: squeeze(v), bounded: true}, form{text: strings.ReplaceAll(v, ":", "-"), bounded: true, plain: true})
	case "beds":
		out = append(out, form{text: d + " beds", bounded: true, plain: true}, form{text: d + "-bed", bounded: true, plain: true})
	case "patients":
		out = append(out, form{text: d + " patients", bounded: true, plain: true})
		if len(d) >= 5 { // fewer stand in ids and times
			out = append(out, form{text: d, bounded: true, plain: true})
		}
	}
	return out
}

func addressForms(v string) []form {
	out := []form{{text: v, bounded: true, plain: true}}
	if strings.Contains(v, ".") {
		for _, sep := range []string{"-", "_", "[.]", "(.)", "[dot]", ". "} {
			out = append(out, form{text: strings.ReplaceAll(v, ".", sep), bounded: true, plain: true})
		}
		return append(out, integers(v)...)
	}
	return append(out, expanded(v)...)
}

func networkForms(v string) []form {
	out := []form{{text: v, plain: true, bounded: true}}
	if joined := squeeze(v); len(joined) >= 10 {
		out = append(out, form{text: joined})
	}
	host := v[strings.LastIndexByte(v, '@')+1:]
	if label, _, _ := strings.Cut(host, "."); host == v && len(label) >= 6 {
		out = append(out, form{text: label, bounded: true, plain: true})
		if joined := squeeze(label); len(joined) >= 8 {
			out = append(out, form{text: joined})
		}
	}
	return append(out, form{text: strings.NewReplacer(".", "[.]", "@", "[@]").Replace(v), bounded: true, plain: true})
}

func idForms(v string) []form {
	out := []form{{text: v, bounded: true, plain: true}}
	if joined := squeeze(v); len(joined) >= 8 {
		out = append(out, form{text: joined})
	}
	return out
}

// folderForms: the parts of a path that are no word of every system.
func folderForms(v string) []form {
	out := []form{{text: v, plain: true}}
	for _, part := range strings.Split(v, `\`) {
		if len(part) >= 6 {
			out = append(out, form{text: part, bounded: true, plain: true})
		}
	}
	return out
}

// Where shows the place of a find, for whoever mends the hub with an invented report.
func (s *Search) Where(n Needle) string {
	for _, f := range forms(n) {
		text := s.squeezed
		if f.plain {
			text = s.plain
		}
		if i := strings.Index(text, f.text); s.has(f) && i >= 0 {
			return f.text + " in " + text[max(0, i-80):min(len(text), i+len(f.text)+80)]
		}
	}
	return ""
}
