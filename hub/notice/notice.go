package notice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// Notice is what is told of one entry of the log. Only Of makes one, of a released bundle.
type Notice struct {
	alert    hub.Alert
	title    hub.Text
	sections map[string][]section // by language
}

type section struct {
	Heading string
	Ordered bool
	Lines   []string
}

// Alert is what stands on the outside of the entry.
func (n Notice) Alert() hub.Alert { return n.alert }

// told are the sections that a notice has: what a flash says of the attack and of what to
// do, and none that lists the attacker's addresses.
var told = []string{"summary", "entry", "exposed", "today"}

// Of makes the notice of the released bundle of an entry. Of an alert that isn't for
// sending in the clear (TLP:AMBER and above) it holds no sentence at all.
func Of(l *analysis.Library, bundle []byte) (Notice, error) {
	inside, err := deliver.Inside(bundle)
	if err != nil {
		return Notice{}, fmt.Errorf("reading for a notice: %w", err)
	}
	n := Notice{alert: inside, sections: map[string][]section{}}
	if !Open(inside.TLP) {
		return n, nil
	}
	pages, live, err := read(bundle)
	if err != nil {
		return Notice{}, fmt.Errorf("reading for a notice: %w", err)
	}
	n.title.JA, n.sections["ja"] = pageOf(l, pages.JA, live)
	n.title.EN, n.sections["en"] = pageOf(l, pages.EN, live)
	return n, nil
}

// Open reports whether an alert may be sent without encryption from end to end.
func Open(t hub.TLP) bool { return t == hub.TLPClear || t == hub.TLPGreen }

// literal is a value in a STIX pattern.
var literal = regexp.MustCompile(`'((?:[^'\\]|\\.)+)'`)

// read returns the pages of an alert, and the values of its indicators.
func read(bundle []byte) (pages hub.Text, live []string, err error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return hub.Text{}, nil, err
	}
	for _, o := range b.Objects {
		switch o.Type() {
		case "report":
			pages.JA = o.Str("description")
		case "language-content":
			pages.EN = o.Obj("contents").Obj("en").Str("description")
		case "indicator":
			for _, m := range literal.FindAllStringSubmatch(o.Str("pattern"), -1) {
				live = append(live, strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(m[1]))
			}
		}
	}
	pages.JA = strings.TrimSuffix(pages.JA, "\n\n"+pages.EN)
	if pages.EN == "" {
		pages.EN = pages.JA
	}
	slices.SortFunc(live, func(a, b string) int { return len(b) - len(a) }) // the longest first
	return pages, slices.Compact(live), nil
}

// pageOf takes title and told sections of a page.
func pageOf(l *analysis.Library, page string, live []string) (string, []section) {
	title, _, _ := strings.Cut(page, "\n")
	var out []section
	for _, p := range analysis.ReadText(page) {
		if !slices.Contains(told, l.SectionID(p.Heading)) {
			continue
		}
		s := section{Heading: oneLine(p.Heading), Ordered: p.Ordered}
		for _, line := range p.Lines {
			s.Lines = append(s.Lines, dead(oneLine(line), live))
		}
		out = append(out, s)
	}
	return dead(oneLine(title), live), out
}

// oneLine keeps a text from being anything but one line.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s))
}

// shortest is how long a value is that can be told from any word.
const shortest = 4

// scheme begins an address that programs open.
var scheme = regexp.MustCompile(`(?i)\b(h)tt(ps?)://|\b(f)t(p)://`)

// dead writes a line so that no program opens anything in it.
func dead(line string, live []string) string {
	for _, v := range live {
		if len(v) >= shortest && strings.Contains(line, v) {
			line = strings.ReplaceAll(line, v, strings.NewReplacer(".", "[.]", "@", "[@]").Replace(v))
		}
	}
	return scheme.ReplaceAllString(line, "${1}${3}xx${2}${4}://")
}
