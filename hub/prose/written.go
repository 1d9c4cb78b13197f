package prose

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/vocab"
)

// How people write what has one form: "CVE 2018 13379", "evil [dot] com", 「evil（ドット）com」.
var (
	flaw = regexp.MustCompile(`cve(?:番号|id|s)?[-_:.ー#(\[ ]{0,3}(?:は|が|:)? ?((?:19|20)\d\d) ?[-_ー/ ] ?(\d{4,7})`)
	// nextFlaw goes on in a list: 「CVE-2018-13379、2020-12812」, "CVE-2018-13379 and -13380".
	nextFlaw = regexp.MustCompile(`^[)\] ]{0,2}(?:[,、/・;&]|および|及び|ならびに|と|や|and|or| )(?: ?and)? ?(?:((?:19|20)\d\d) ?[-_ー] ?|-)(\d{4,7})`)

	point = regexp.MustCompile(` {0,2}[\[({] ?(?:\.|dot|ドット|どっと) ?[\])}] {0,2}| dot | ?ドット ?`)
	sign  = regexp.MustCompile(` {0,2}[\[({] ?(?:@|at|アットマーク|アット|あっと) ?[\])}] {0,2}`)
)

// stateFlaws adds the CVEs of a sentence, however they are written.
func (r *run) stateFlaws(s *scene) {
	if !bytes.Contains(s.text, []byte("cve")) {
		return
	}
	for _, m := range flaw.FindAllSubmatchIndex(s.text, -1) {
		if m[0] > 0 && word(s.text[m[0]-1]) {
			continue
		}
		year := s.text[m[2]:m[3]]
		r.flaw(s, year, s.text[m[4]:m[5]], span{m[0], m[1]})
		for end := m[1]; ; {
			n := nextFlaw.FindSubmatchIndex(s.text[end:])
			if n == nil {
				break
			}
			if n[2] >= 0 {
				year = s.text[end+n[2] : end+n[3]]
			}
			r.flaw(s, year, s.text[end+n[4]:end+n[5]], span{end + n[4], end + n[5]})
			end += n[1]
		}
	}
}

func (r *run) flaw(s *scene, year, number []byte, at span) {
	if id, ok := vocab.CVE("CVE-" + string(year) + "-" + string(number)); ok && (at.end == len(s.text) || s.text[at.end] < '0' || s.text[at.end] > '9') {
		r.addLone(s, vocab.Fact{Class: hub.CVE, Value: id}, at)
	}
}

// joints returns where a sentence writes a dot or an at sign so that nobody may follow
// it, with spaces or in words. Values go on over them.
func joints(s []byte) []span {
	if bytes.IndexByte(s, '[') < 0 && bytes.IndexByte(s, '{') < 0 && bytes.IndexByte(s, '(') < 0 && !bytes.Contains(s, []byte(" dot ")) && !bytes.Contains(s, []byte("ドット")) {
		return nil
	}
	var out []span
	for _, re := range []*regexp.Regexp{point, sign} {
		for _, m := range re.FindAllIndex(s, -1) {
			if m[0] > 0 && m[1] < len(s) && word(s[m[0]-1]) && word(s[m[1]]) {
				out = append(out, span{m[0], m[1]})
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return a.start - b.start })
	return out
}

// rejoined writes the dots and at signs of a value plainly.
func rejoined(text string) string {
	if !strings.ContainsAny(text, "[{( ") && !strings.Contains(text, "ドット") {
		return text
	}
	return sign.ReplaceAllLiteralString(point.ReplaceAllLiteralString(text, "."), "@")
}
