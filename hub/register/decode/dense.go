package decode

import (
	"encoding/ascii85"
	"iter"
	"strings"
	"unicode/utf8"
)

// base85 has three alphabets: of Adobe, which the library decodes, of RFC 1924 (git,
// Python), of ZeroMQ.
const (
	alnum     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	rfc1924   = alnum + "!#$%&()*+-;<=>?@^_`{|}~"
	zeromq    = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
	shortRun  = 10 // letters: eight bytes
	shortIn85 = 12 // bytes of text among others; by chance hardly any run has so many
	alnumOnly = 88 // letters of a run without other signs: a longer one is base64
)

// adobes give for each alphabet the letters that Adobe has in their places, 0 for others.
var adobes = func() (tables [3][256]byte) {
	for v := range byte(85) {
		tables[0]['!'+v], tables[1][rfc1924[v]], tables[2][zeromq[v]] = '!'+v, '!'+v, '!'+v
	}
	return tables
}()

// dense yields what stands between spaces and between the marks of Adobe, with the texts
// that it is in base85.
func dense(s string) iter.Seq2[*token, []string] {
	return func(yield func(*token, []string) bool) {
		for i := 0; i < len(s); i++ {
			end, capital, signs := i, false, 0
			for ; end < len(s) && s[end] > ' ' && s[end] <= '~'; end++ {
				capital = capital || 'A' <= s[end] && s[end] <= 'Z'
				if !isBase64(s[end]) {
					signs++
				}
			}
			likely := capital && (signs > 0 || end-i <= alnumOnly) || 4*signs >= end-i
			if t := (&token{start: i, end: end}); likely && end-i >= shortRun {
				if texts := t.base85(s[i:end]); (len(texts) > 0 || t.cut) && !yield(t, texts) {
					return
				}
			}
			i = end
		}
		for at := 0; ; {
			head, rest, _ := strings.Cut(s[at:], "<~")
			body, _, marked := strings.Cut(rest, "~>")
			if !marked {
				return
			}
			t := &token{start: at + len(head), end: at + len(head) + len(body) + 4}
			texts := t.show(fromAdobe(body))
			if last := strings.LastIndex(body, "<~"); last >= 0 { // what stands before it is none
				texts = append(texts, t.show(fromAdobe(body[last+2:]))...)
			}
			if (len(texts) > 0 || t.cut) && !yield(t, texts) {
				return
			}
			if at = t.end; strings.HasSuffix(body, "<") { // its end may be another's beginning: "<~>"
				at -= 3
			}
		}
	}
}

// base85 reads the runs of each alphabet from each of five places on: what stands before
// a text in a program may be of the alphabet too.
func (t *token) base85(s string) []string {
	var found []string
	for k := range adobes {
		letters := &adobes[k]
		for run := range strings.FieldsFuncSeq(s, func(r rune) bool { return letters[r] == 0 }) {
			if len(run) < shortRun {
				continue
			}
			adobe := make([]byte, len(run))
			for i := range run {
				adobe[i] = letters[run[i]]
			}
			for shift := range 5 {
				found = append(found, t.inAdobe(adobe[shift:], shift == 0, k == 0)...)
			}
		}
	}
	return found
}

// inAdobe returns the texts of one run; with other ends where quotes and brackets behind
// a text would be letters of it.
func (t *token) inAdobe(letters []byte, whole, ends bool) []string {
	var found []string
	for cut := range 4 {
		data := fromAdobe(string(letters[:len(letters)-cut]))
		if !promising(data, whole) {
			break
		}
		found = append(found, t.show(data)...)
		if !ends {
			break
		}
	}
	return found
}

// fromAdobe decodes letters without the spaces in them; one letter alone at the end is no byte.
func fromAdobe(letters string) []byte {
	letters = strings.ReplaceAll(strings.Join(strings.Fields(letters), ""), "z", "!!!!!")
	if len(letters)%5 == 1 {
		letters = letters[:len(letters)-1]
	}
	data := make([]byte, len(letters)/5*4+8)
	n, _, _ := ascii85.Decode(data, []byte(letters), true) // what stands before a wrong letter counts
	return data[:n]
}

// promising reports whether bytes have text enough, or are compressed.
func promising(data []byte, whole bool) bool {
	run := 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		i += size
		if run += size; r == utf8.RuneError || !plausible(r) && !shows(r) {
			run, whole = 0, false
		}
		if run >= shortIn85 {
			return true
		}
	}
	return whole && run >= 8 || len(data) > 2 && open(data) != nil || len(data) >= 16 && (allWide(data, 0) || allWide(data, 1))
}

// allWide reports whether all of data is UTF-16 of ordinary text.
func allWide(data []byte, order int) bool {
	for i := 0; i+1 < len(data); i += 2 {
		if u := rune(data[i+order]) | rune(data[i+1-order])<<8; !plausible(u) && !between(u) {
			return false
		}
	}
	return true
}
