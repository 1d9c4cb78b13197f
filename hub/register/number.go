package register

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// acceptNumber takes a phone number or postal code: digits with nothing but the
// usual separators between, and not a part of a longer number.
func (o occurrence) acceptNumber() bool {
	const most = 4 // separators of any kind; a byte each, or a wide character
	separators := 0
	for i := o.start; i+1 < o.end; i++ {
		if o.at[i] == o.at[i+1] {
			continue // two digits of one character
		}
		_, size := utf8.DecodeRuneInString(o.source[o.at[i]:])
		gap := visible(o.source[int(o.at[i])+size : o.at[i+1]])
		if gap == "" {
			continue
		}
		separators++
		if len(gap) > 8 || strings.ContainsAny(gap, "\n\r,;:=\"'<>{}|&#@") {
			return false
		}
	}
	if separators > most || isWordDigit(o.after()) || o.kind == kindPostal && separators > 2 {
		return false
	}
	return o.numberBegins(separators >= 2)
}

// numberBegins reports whether the needle begins a number. A phone's needle has
// no leading zero: before it may stand 0, or the country's 81 in its notations; and before
// the 0 anything, where the number's own parts are set apart: "00855-00-7163" is as
// plain as "tel0855-00-7163".
func (o occurrence) numberBegins(inParts bool) bool {
	lead := ""
	at := o.source[:o.at[o.start]]
	for len(lead) < 6 && at != "" {
		r, size := utf8.DecodeLastRuneInString(at)
		at = at[:len(at)-size]
		if unseen(r) {
			continue
		}
		if !isWordDigit(r) {
			break
		}
		lead = foldedForm(r) + lead
	}
	switch lead {
	case "":
		return true
	case "0", "81", "810", "0081", "01081":
		return o.kind == kindPhone
	}
	return o.kind == kindPhone && inParts && strings.HasSuffix(lead, "0")
}

// unseen tells the characters that leave no space: marks and format characters.
func unseen(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || isInvisible(r))
}

// visible returns s without what can't be seen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, s)
}

func isWordDigit(r rune) bool { return asciiWord(r) }

// foldedForm returns what one character becomes; "\x00" for an ASCII one that is dropped.
func foldedForm(r rune) string {
	if r < utf8.RuneSelf {
		return string(asciiFold[r])
	}
	return folded(r)
}

// widen makes a hit span what belongs to it: the mailbox before a domain, the
// number behind a street.
func widen(h Hit, source string, k kind) Hit {
	switch k {
	case kindDomain, kindLabel, kindZone:
		if h.Start > 0 && source[h.Start-1] == '@' || strings.HasSuffix(source[:h.Start], "＠") {
			h.Start = mailboxStart(source, h.Start)
			h.Class = Mail
		}
	case kindAddress:
		h.End += numberTail(source[h.End:])
	}
	return h
}

// mailboxStart goes left from the @ before a domain over the local part.
func mailboxStart(source string, at int) int {
	_, size := utf8.DecodeLastRuneInString(source[:at])
	at -= size
	for at > 0 && (asciiFold[source[at-1]&0x7f] != 0 && source[at-1] < utf8.RuneSelf || strings.IndexByte("._%+-'", source[at-1]) >= 0) {
		at--
	}
	return at
}

// numberTail returns the length of a house number: digits, hyphens, 丁目 番地 号.
func numberTail(rest string) int {
	n := 0
	for n < len(rest) && n < 60 {
		r, size := utf8.DecodeRuneInString(rest[n:])
		out := folded(r)
		if r < utf8.RuneSelf {
			out = foldedForm(r)
		}
		if !(out != "" && isDigit(out[0])) && !strings.ContainsRune("-‐‑–—−－ー丁目番地号の一二三四五六七八九十", r) {
			break
		}
		n += size
	}
	return n
}
