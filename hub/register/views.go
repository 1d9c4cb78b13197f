package register

import "isac/hub/register/decode"

// each calls search with the folded text and with everything that is encoded in
// it; span brings a hit in such a view to the text itself. Unread is called for
// what is encoded deeper or larger than is looked into.
func each(text string, search func(f folding, span func(Hit) Hit), unread func(Hit)) {
	for v := range decode.Views(text) {
		span := func(h Hit) Hit {
			h.Start, h.End = v.Span(h.Start, h.End)
			return h
		}
		if v.Cut {
			unread(span(Hit{Class: Unread}))
			continue
		}
		search(fold(v.Text), span)
	}
}
