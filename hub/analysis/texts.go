package analysis

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
)

// Texts returns every sentence that an analysis of the profile can hold, in the
// pieces between what is filled in from facts (names, CVE ids, counts), and with
// each confidence. Whoever searches a page for words that must not be there learns
// from it which words are the hub's own. p may be nil.
func (lib *Library) Texts(p *profile.Profile) []hub.Text {
	r := read(Input{Profile: p, Library: lib})
	var all []hub.Text
	for _, c := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible, hub.Unknown} {
		all = append(all, words[c])
	}
	for _, pair := range lib.pairs() {
		text := pair.text
		for _, name := range places(text.JA) {
			if !slices.Contains([]string{"{noun}", "{sector}", "{contractors}"}, name) {
				text = fill(text, name, "{}")
			}
		}
		text = r.filled(text)
		if !pair.clause {
			all = append(all, pieces(text)...)
			all = append(all, pieces(hub.Text{EN: upper(text.EN)})...)
			continue
		}
		for _, c := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible, hub.Unknown} {
			all = append(all, slices.Concat(pieces(sentence(text, c)), pieces(item(text, c)))...)
		}
	}
	return all
}

// pieces cuts a text where something was to be filled in, and its end, before which
// notes may come. The languages may be cut at different places; what one has more
// stands alone.
func pieces(t hub.Text) []hub.Text {
	ja, en := strings.Split(t.JA, "{}"), strings.Split(t.EN, "{}")
	var all []hub.Text
	for i := range max(len(ja), len(en)) {
		var piece hub.Text
		if i < len(ja) {
			piece.JA = strings.Trim(ja[i], " 。）")
		}
		if i < len(en) {
			piece.EN = strings.Trim(en[i], " .)")
		}
		if piece != (hub.Text{}) {
			all = append(all, piece)
		}
	}
	return all
}
