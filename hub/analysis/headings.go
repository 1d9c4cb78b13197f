package analysis

// WithHeadings gives the sections the headings that a library has for their ids; nil is the
// embedded one.
func (a Analysis) WithHeadings(l *Library) Analysis {
	r := &reading{lib: l}
	if l == nil {
		r.lib = Default()
	}
	out := a.Clone()
	for i, s := range out.Sections {
		out.Sections[i].Heading = r.word("heading." + s.ID)
	}
	return out
}
