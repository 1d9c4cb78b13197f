package gate

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place adds the prefecture and the municipality of a row. An output tells no place
// at all, so that each counts by itself, but for names that are words of their own.
func (s *spellings) place(row []string) {
	for _, column := range []string{"prefecture", "municipality"} {
		if raw := s.t.cell(row, column); raw != "" && s.first(raw) {
			s.placeJapanese(raw)
		}
		if raw := s.t.cell(row, column+"_en"); raw != "" && s.first(raw) {
			s.placeLatin(raw)
		}
	}
}

func (s *spellings) placeJapanese(raw string) {
	full := leftEdge
	if utf8.RuneCountInString(raw) > 2 || !strings.HasSuffix(raw, "区") {
		full = anywhere
	}
	if utf8.RuneCountInString(raw) >= 2 {
		s.add("place", raw, raw, full)
	}
	stem := strings.TrimRight(raw, "都道府県市区町村")
	if raw == "北海道" || stem == raw {
		return
	}
	switch n := utf8.RuneCountInString(stem); {
	case n >= 3:
		s.add("place", raw, stem, word)
	case n == 2:
		s.add("place", raw, stem, context)
	}
}

// otherMeaning are place names in Latin letters that are also firms, products,
// persons or words known everywhere: they need a word for a place beside them.
var otherMeaning = map[string]bool{
	"toyota": true, "hitachi": true, "obama": true, "sakai": true, "handa": true, "hamada": true, "yamaguchi": true, "hashimoto": true,
	"kawasaki": true, "matsumoto": true, "okazaki": true, "okinawa": false, "tokyo": false, "suita": true, "sanda": true, "mitsubishi": true,
	"ueda": true, "iida": true, "masuda": true, "kurihara": true, "shimada": true, "tanabe": true, "anjo": true, "onomichi": false,
}

func (s *spellings) placeLatin(raw string) {
	forms := []string{squeeze(raw)}
	for _, f := range longForms(forms[0]) {
		forms = appendNew(forms, f)
	}
	for _, f := range forms {
		r := placeName
		if len(f) < 5 || otherMeaning[f] {
			r = placeShort
		}
		s.addFolded("place", raw, f, r)
	}
}

// longForms writes the o and u of a name long, one way at a time.
func longForms(f string) []string {
	var out []string
	for i := range len(f) {
		switch f[i] {
		case 'o':
			for _, long := range []string{"ou", "oo", "oh"} {
				out = append(out, f[:i]+long+f[i+1:])
			}
		case 'u':
			out = append(out, f[:i]+"uu"+f[i+1:])
		}
	}
	return out
}

var (
	placeBehind = []string{"city", "prefecture", "pref", "ken", "shi", "ku", "fu", "cho", "machi", "mura", "region", "area", "ward", "town", "village", "branch", "japan", "jp"}
	placeBefore = []string{"in", "at", "from", "near", "around", "city of", "prefecture of", "town of"}
)

// placeCounts decides about a place name in Latin letters.
func (r *Register) placeCounts(v *view, n *needle, start, end, j int) bool {
	if !v.bounded(start, end) {
		return false
	}
	name := v.src[start:end]
	if bytes.ContainsAny(name, "\r\n\f.:;/=@") {
		return false
	}
	if v.domainLabel(start, end) || v.namedPlace(end) {
		return true
	}
	if v.beforeAny(end, notPlaces) || start > 4 && string(v.src[start-5:start]) == "Asia/" {
		return false
	}
	titleCase := upperFirst(name) && bytes.IndexFunc(name[1:], unicode.IsUpper) < 0
	if titleCase && v.behindPlaceWord(start) || upperFirst(name) && r.kindWord(v.text[j:]) {
		return true
	}
	if n.rule == placeShort {
		return false
	}
	b, _ := v.before(start)
	a, _ := v.after(end)
	technical := strings.ContainsRune(`.-_/\@=:%`, b) && b != 0 || strings.ContainsRune(`-_/\@=:%`, a) && a != 0
	return upperFirst(name) && (titleCase || allUpper(name)) || len(n.text) >= 6 && !technical
}

// domainLabel reports whether src[start:end] is a whole label of a .jp domain.
func (v *view) domainLabel(start, end int) bool {
	if end >= len(v.src) || v.src[end] != '.' || start > 0 && v.src[start-1] == '-' {
		return false
	}
	host := end
	for host < len(v.src) && tokenByte(v.src[host]) && v.src[host] != ':' {
		host++
	}
	return strings.HasSuffix(strings.ToLower(strings.TrimRight(string(v.src[end:host]), ".")), ".jp")
}

// notPlaces are words behind a name that say that it is one of malware.
var notPlaces = []string{"backdoor", "malware", "ransomware", "trojan", "loader", "stealer", "botnet", "bot", "rat", "worm", "rootkit"}

// namedPlace reports whether the word behind says that a place was named.
func (v *view) namedPlace(end int) bool { return v.beforeAny(end, placeBehind) }

// beforeAny reports whether one of words stands behind end.
func (v *view) beforeAny(end int, words []string) bool {
	rest := bytes.ToLower(bytes.TrimLeft(v.src[end:min(len(v.src), end+24)], " -,'’"))
	for _, w := range words {
		if !bytes.HasPrefix(rest, []byte(w)) {
			continue
		}
		if next, _ := utf8.DecodeRune(rest[len(w):]); !joins(next) || next == utf8.RuneError {
			return true
		}
	}
	return false
}

// behindPlaceWord reports whether the word before says that a place follows.
func (v *view) behindPlaceWord(start int) bool {
	near := strings.ToLower(string(v.src[max(0, start-16):start]))
	near, spaced := strings.CutSuffix(near, " ")
	if !spaced {
		return false
	}
	for _, w := range placeBefore {
		if rest, ok := strings.CutSuffix(near, w); ok && (rest == "" || !joins(rune(rest[len(rest)-1]))) {
			return true
		}
	}
	return false
}
