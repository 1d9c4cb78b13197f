package register

import (
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"isac/hub"
)

// disguises hold what is an organisation's own in its name in Latin letters, as somebody
// would write it who means it and doesn't want it found: by its sound alone, with one
// letter wrong, as a digest.
type disguises struct {
	done    map[string]bool // names that many share
	sounds  keys            // of names by sound
	lengths [mostSound + 1]bool
	near    keys // of names whole, and with one letter left out, with and without its place
	digests keys // the first eight bytes of each
}

// How long names are at least: by sound as a word of its own or beside words that anybody
// adds, by sound inside of any word, with one letter wrong as a word of its own, and the
// most that is looked at. Of shorter ones other words have too many.
const (
	soundLeast  = 7
	soundInside = 9
	nearLeast   = 9
	mostSound   = 32
)

// What a key of near is of.
const (
	wholeName = 1<<8 + iota
	shortName
	soundName // smaller ones are places of the letter left out
)

// keys is a set of hashes.
type keys struct {
	all  []uint64 // sorted
	bits []uint64 // sixteen for each, by which most others are told at once
}

func (k *keys) add(keys ...uint64) { k.all = append(k.all, keys...) }

func (k *keys) seal() {
	slices.Sort(k.all)
	k.all = slices.Clip(slices.Compact(k.all))
	k.bits = make([]uint64, 1<<bits.Len(uint(len(k.all)/4)))
	for _, key := range k.all {
		k.bits[key>>6&uint64(len(k.bits)-1)] |= 1 << (key & 63)
	}
}

func (k *keys) has(key uint64) bool {
	if len(k.bits) == 0 || k.bits[key>>6&uint64(len(k.bits)-1)]>>(key&63)&1 == 0 {
		return false
	}
	_, ok := slices.BinarySearch(k.all, key)
	return ok
}

// keyOf hashes a text in two parts.
func keyOf(tag int, a, b string) uint64 {
	h := withLetter(uint64(tag)<<8, 0)
	for i := range len(a) {
		h = withLetter(h, a[i])
	}
	for i := range len(b) {
		h = withLetter(h, b[i])
	}
	return h
}

// withLetter is the hash of a text with one letter more.
func withLetter(h uint64, c byte) uint64 {
	h = (h ^ uint64(c)) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// places are nobody's name, whoever has them in theirs: an attacker's
// "fukushima-bank-login.com" is no hospital's.
func (d *disguises) places(all []hub.Organisation) {
	for i := range all {
		d.done[Fold(all[i].MunicipalEN)], d.done[Fold(all[i].PrefectureEN)] = true, true
	}
}

// own adds what names an organisation in Latin letters, in other readings of its kanji
// too, and its vendor.
func (d *disguises) own(s *speller, o *hub.Organisation) {
	core := Fold(s.latinOwn(o.NameRomaji))
	if municipality := Fold(o.MunicipalEN); core != municipality && core != Fold(o.PrefectureEN) {
		d.name(core)
		if first, _, more := strings.Cut(s.latinOwn(o.NameRomaji), " "); more && len(first) >= nearLeast {
			d.name(Fold(first))
		}
		if japanese, _ := s.core(Fold(o.NameJA)); !d.done[japanese] {
			d.done[japanese] = true
			d.names(readings(japanese))
		}
	}
	for _, other := range append(several(o.FormerName), s.corporationOf(o)) {
		if name, _ := s.core(Fold(other)); name != "" && !d.done[name] {
			d.done[name] = true
			d.names(readings(name))
		}
	}
	if vendor := o.Vendor; !d.done[vendor] && !strings.HasPrefix(vendor, "(") && !strings.HasPrefix(vendor, "（") {
		d.done[vendor] = true
		d.names(readings(s.withoutCorporation(Fold(vendor))))
	}
	d.digestsOf(o)
}

func (d *disguises) names(names []string) {
	for _, name := range names {
		d.name(name)
	}
}

// name adds one name in small Latin letters.
func (d *disguises) name(name string) {
	if d.done[name] {
		return
	}
	d.done[name] = true
	if key := sound(name); len(key) >= soundLeast && len(key) <= mostSound {
		d.sounds.add(keyOf(soundName, key, ""))
		d.lengths[len(key)] = true
	}
	if len(name) < nearLeast || len(name) > mostSound {
		return
	}
	d.near.add(keyOf(wholeName, name, ""))
	for i := range name {
		d.near.add(keyOf(shortName, name[:i], name[i+1:]), keyOf(i, name[:i], name[i+1:]))
	}
}

func (d *disguises) seal() {
	d.done = nil
	d.sounds.seal()
	d.near.seal()
	d.digests.seal()
}

// isNear reports whether one letter more, less or otherwise, or two in each other's
// place, makes a word a name.
func (d *disguises) isNear(word string) bool {
	if len(word) < nearLeast-1 || len(word) > mostSound+1 {
		return false
	}
	if d.near.has(keyOf(wholeName, word, "")) || d.near.has(keyOf(shortName, word, "")) {
		return true
	}
	for i := range word {
		if d.near.has(keyOf(wholeName, word[:i], word[i+1:])) || d.near.has(keyOf(i, word[:i], word[i+1:])) {
			return true
		}
		if i > 0 && d.near.has(keyOf(wholeName, word[:i-1], word[i:i+1]+word[i-1:i]+word[i+1:])) {
			return true
		}
	}
	return false
}

// resembles reports whether a text holds a name in a disguise; see FindChosen.
func (x *Index) resembles(text string) bool {
	plain := strings.ToLower(plainOf(text).text)
	if x.disguises.digestIn(plain) {
		return true
	}
	for _, word := range strings.FieldsFunc(plain, notInName) {
		parts := strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '_' })
		if len(parts) > 1 {
			parts = append(parts, strings.Join(parts, ""))
		}
		for _, part := range parts {
			if x.isSpelled(part) {
				return true
			}
			for _, letters := range spelledOut(part) {
				back, shifted := turned(letters), rot13(letters)
				if x.wordResembles(letters) || x.disguises.soundIn(back, nil) || x.disguises.soundIn(shifted, nil) || x.holdsOwn(back) || x.holdsOwn(shifted) {
					return true
				}
			}
		}
	}
	return false
}

func notInName(r rune) bool {
	return r >= utf8.RuneSelf || !isLower(byte(r)) && !isDigit(byte(r)) && r != '-' && r != '_'
}

// wordResembles looks at a word of letters, and at what is left of it without words that
// anybody adds.
func (x *Index) wordResembles(word string) bool {
	if x.disguises.soundIn(word, &x.w) {
		return true
	}
	w := []byte(word)
	for i := 0; i < len(w) && i <= mostSound; i++ {
		if !x.w.areAdded(w[:i]) {
			continue
		}
		for j := len(w); j-i >= nearLeast-1; j-- {
			if x.w.areAdded(w[j:]) && x.disguises.isNear(word[i:j]) {
				return true
			}
		}
	}
	return false
}

// soundIn looks for a name by its sound: a long one wherever it stands, a shorter one
// with nothing beside it but words that are added.
func (d *disguises) soundIn(word string, w *wordTables) bool {
	key := sound(word)
	for i := range key {
		h := withLetter(uint64(soundName)<<8, 0)
		for n := 1; n <= mostSound && i+n <= len(key); n++ {
			h = withLetter(h, key[i+n-1])
			if n < soundLeast || !d.lengths[n] || !d.sounds.has(h) {
				continue
			}
			if n >= soundInside || n == len(key) || w != nil && w.sounds(key[:i]) && w.sounds(key[i+n:]) {
				return true
			}
		}
	}
	return false
}

// sounds reports whether letters by sound are words that are added, or none.
func (w *wordTables) sounds(key string) bool { return w.heard.added(key) }

// spelledOut returns a word without its digits at the ends, and with those inside as the
// letters that they look like.
func spelledOut(word string) []string {
	word = strings.Trim(word, "0123456789")
	if strings.IndexFunc(word, func(r rune) bool { return r < 'a' }) < 0 {
		return []string{word}
	}
	letters := 0
	for i := range len(word) {
		if isLower(word[i]) {
			letters++
		}
	}
	if 3*(len(word)-letters) > len(word) || len(word) < soundLeast {
		return strings.FieldsFunc(word, func(r rune) bool { return r < 'a' })
	}
	return append(strings.FieldsFunc(word, func(r rune) bool { return r < 'a' }), lookLikeI.Replace(word), lookLikeL.Replace(word))
}

var (
	lookLikeI = strings.NewReplacer("0", "o", "1", "i", "2", "z", "3", "e", "4", "a", "5", "s", "6", "g", "7", "t", "8", "b", "9", "g")
	lookLikeL = strings.NewReplacer("0", "o", "1", "l", "2", "z", "3", "e", "4", "a", "5", "s", "6", "b", "7", "t", "8", "b", "9", "q")
)

// turned is a word backwards.
func turned(word string) string {
	b := []byte(word)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// rot13 is a word with each letter half of the alphabet further on.
func rot13(word string) string {
	return strings.Map(func(r rune) rune { return 'a' + (r-'a'+13)%26 }, word)
}

// sound is a word in Latin letters by what is heard however it is written: in the second
// folding, without voice (g is k, z is s, d is t, b and p are h), doubled letters once.
func sound(word string) string {
	out := []byte(romaji(word))
	n := 0
	for i := 0; i < len(out); i++ {
		c := unvoiced[out[i]]
		if c == 't' && i+1 < len(out) && (out[i+1] == 'u' || out[i+1] == 'i' || out[i+1] == 'y') {
			c = 's' // づ is ず
		}
		if n > 0 && out[n-1] == c || c == 'i' && n > 0 && out[n-1] == 'e' {
			continue
		}
		out[n] = c
		n++
	}
	return string(out[:n])
}

var unvoiced = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
	}
	for from, to := range map[byte]byte{'g': 'k', 'q': 'k', 'c': 'k', 'z': 's', 'j': 's', 'd': 't', 'b': 'h', 'p': 'h', 'f': 'h', 'v': 'h', 'l': 'r'} {
		t[from] = to
	}
	return t
}()

//go:embed data/readings.txt
var readingsFile string

var kanjiReadings = func() map[rune][]string {
	table := map[rune][]string{}
	for _, line := range tableLines(readingsFile) {
		fields := strings.Fields(line)
		r, _ := utf8.DecodeRuneInString(fields[0])
		table[r] = fields[1:]
	}
	return table
}()

// readings returns how a name in kanji and kana may be read, in Latin letters; none where
// a kanji isn't known or there are too many.
func readings(name string) []string {
	const most = 48
	forms := []string{""}
	for rest := name; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		read := kanjiReadings[r]
		if len(read) == 0 {
			latin := r < utf8.RuneSelf
			size = len(rest) - len(strings.TrimLeftFunc(rest, func(r rune) bool { return r < 0x4e00 && latin == (r < utf8.RuneSelf) }))
			if read = []string{rest[:size]}; !latin {
				read[0] = readKana(rest[:size])
			}
			if read[0] == "" {
				return nil
			}
		}
		rest = rest[size:]
		if len(forms)*len(read) > most {
			return nil
		}
		var longer []string
		for _, form := range forms {
			for _, r := range read {
				longer = append(longer, form+r)
			}
		}
		forms = longer
	}
	return forms
}
