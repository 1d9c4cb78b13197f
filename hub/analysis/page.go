package analysis

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
)

// sections are the page, in the order in which it is read.
func (r *reading) sections(a Analysis) []Section {
	full := r.in.Stage != hub.Flash
	pathHeading := "heading.path"
	if !full {
		pathHeading = "heading.techniques"
	}
	all := []Section{
		{ID: "summary", Heading: r.word("heading.summary"), Lines: r.summaryLines(a)},
		{ID: "entry", Heading: r.word("heading.entry"), Lines: r.entryLines()},
	}
	if len(r.path) > 0 || !r.beside("steps") {
		all = append(all, Section{ID: "path", Heading: r.word(pathHeading), Ordered: full && len(r.path) > 0, Lines: r.pathLines()})
	}
	if r.has("family:*") || r.has("group:*") || r.has("tool:*") || !r.beside("malware") {
		all = append(all, Section{ID: "malware", Heading: r.word("heading.malware"), Lines: r.malwareLines()})
	}
	if full && (r.has("weakness:*") || !r.beside("weakness")) {
		all = append(all, Section{ID: "weakness", Heading: r.word("heading.weakness"), Lines: r.weaknessLines()})
	}
	if full && !r.several() {
		all = append(all, Section{ID: "impact", Heading: r.word("heading.impact"), Lines: r.impactLines()})
	}
	all = append(all,
		Section{ID: "exposed", Heading: r.word("heading.exposed"), Lines: r.exposureLines()},
		Section{ID: "today", Heading: r.word("heading.today"), Lines: r.actionLines(a.Actions, "today")})
	if full {
		all = append(all,
			Section{ID: "week", Heading: r.word("heading.week"), Lines: r.actionLines(a.Actions, "week")},
			Section{ID: "quarter", Heading: r.word("heading.quarter"), Lines: r.actionLines(a.Actions, "quarter")})
	}
	all = append(all,
		Section{ID: "detect", Heading: r.word("heading.detect"), Lines: r.detectionLines(a.Detections)},
		Section{ID: "indicators", Heading: r.word("heading.indicators"), Lines: r.indicatorLines()},
		Section{ID: "unknown", Heading: r.word("heading.unknown"), Lines: r.unknownLines(a)})
	if r.several() {
		all = append(all, Section{ID: "related", Heading: r.word("heading.related"), Lines: r.relatedLines()})
	}
	return append(all, Section{ID: "handling", Heading: r.word("heading.handling"), Lines: r.handlingLines()})
}

// several reports whether this is the analysis of what several alerts tell.
func (r *reading) several() bool { return len(r.in.Related) > 0 }

func (r *reading) relatedLines() []hub.Text {
	var lines []hub.Text
	for _, ref := range r.in.Related {
		lines = append(lines, fill(r.word("related.line"), "{n}", strconv.FormatUint(ref.Number, 10), "{id}", ref.ID))
	}
	return lines
}

// summaryLines say in a few sentences what it was, how it began and what to do first.
func (r *reading) summaryLines(a Analysis) []hub.Text {
	k := r.kind()
	happened := r.filled(hub.Text{JA: k.FactJA, EN: k.FactEN})
	if len(k.If) > 0 {
		happened = sentence(happened, r.best(k.If))
	} else {
		happened.EN = upper(happened.EN)
	}
	lines := []hub.Text{happened}
	if !slices.ContainsFunc(k.If, isRoute) { // else it says how it began
		lines = append(lines, r.entryLines()[0])
	}
	if r.several() {
		lines[0] = r.word("summary.several")
	}
	if r.in.Stage != hub.Flash {
		if services := r.services(); services.JA != "" {
			lines = append(lines, fill(r.word("impact.services"), "{name}", r.sector.Services, "{list}", services))
		}
		for _, f := range r.of(hub.Quarter) {
			lines = append(lines, r.quarterLine(f.Value))
		}
		for _, f := range r.of(hub.Cell) {
			lines = append(lines, r.cellLine(f.Value))
		}
	}
	for _, action := range a.Actions {
		lines = append(lines, fill(r.word("summary.first"), "{text}", action.Text))
		break
	}
	return append(lines, fill(r.word("summary.severity"), "{name}", r.word("severity."+string(a.Severity)), "{text}", a.SeverityReason))
}

// quarterLine tells a quarter, "2022-Q4", by its months.
func (r *reading) quarterLine(quarter string) hub.Text {
	year, q, _ := strings.Cut(quarter, "-")
	return fill(r.word("quarter."+strings.ToLower(q)), "{year}", year)
}

// title says what it was and how it began, and nothing that tells whom.
func (r *reading) title() hub.Text {
	k := r.kind()
	title := r.filled(hub.Text{JA: k.JA, EN: k.EN})
	if way := r.way(); way.JA != "" && !slices.ContainsFunc(k.If, isRoute) {
		title = fill(r.word("title.way"), "{name}", title, "{list}", way)
	}
	if r.several() {
		title = fill(r.word("title.several"), "{name}", title)
	}
	return title
}

// isRoute reports whether a key is of one route.
func isRoute(key string) bool { return strings.HasPrefix(key, "route:") && key != "route:*" }

// way is the entry in a few words: of the first scene that has them, or of the
// surest route.
func (r *reading) way() hub.Text {
	for _, s := range r.scenes("entry") {
		if s.TitleJA != "" && r.confidence(s).Score() > 0 {
			return hub.Text{JA: s.TitleJA, EN: s.TitleEN}
		}
	}
	var best hub.Fact
	for _, f := range r.of(hub.Route) {
		if f.Confidence.Score() > best.Confidence.Score() {
			best = f
		}
	}
	c, _ := r.lib.routes.get(best.Value)
	return hub.Text{JA: c.TitleJA, EN: c.TitleEN}
}

// kind is what sort of attack it was; the last one of the library always fits.
func (r *reading) kind() kind {
	for _, k := range r.lib.kinds {
		with := len(k.With) == 0 || r.best(k.With).Score() > 0
		if len(k.If) == 0 || r.best(k.If).Score() > 0 && with && r.best(k.Unless).Score() == 0 {
			return k
		}
	}
	return kind{}
}

// beside reports whether a case of this kind doesn't raise a question.
func (r *reading) beside(question string) bool { return slices.Contains(r.kind().Beside, question) }

// best is the highest confidence among the facts of some keys.
func (r *reading) best(keys []string) hub.Confidence {
	best := hub.Unknown
	for _, key := range keys {
		if c := r.keys[key]; c.Score() > best.Score() {
			best = c
		}
	}
	return best
}

func (r *reading) malwareLines() []hub.Text {
	var lines []hub.Text
	for _, class := range []hub.Class{hub.Family, hub.Group, hub.Tool} {
		var names []hub.Text
		facts := r.of(class)
		slices.SortStableFunc(facts, func(a, b hub.Fact) int { return cmp.Compare(b.Confidence.Score(), a.Confidence.Score()) })
		for _, f := range facts {
			names = append(names, named(hub.Text{JA: f.Value, EN: f.Value}, f.Confidence))
		}
		if len(names) > 0 {
			lines = append(lines, fill(r.word("malware."+string(class)), "{list}", r.join(names, mostNames)))
		}
	}
	return r.orOpen(lines)
}

// mostNames is how many names a sentence lists.
const mostNames = 10

// join writes a list, and says where it goes on.
func (r *reading) join(list []hub.Text, most int) hub.Text {
	var ja, en []string
	for i, t := range list {
		if i == most {
			more := fill(r.word("list.more"), "{n}", strconv.Itoa(len(list)-most))
			return hub.Text{JA: strings.Join(ja, "、") + more.JA, EN: strings.Join(en, ", ") + more.EN}
		}
		ja, en = append(ja, t.JA), append(en, t.EN)
	}
	return hub.Text{JA: strings.Join(ja, "、"), EN: strings.Join(en, ", ")}
}

// weaknessLines say what was weak, and which step each weakness let happen.
func (r *reading) weaknessLines() []hub.Text {
	var lines []hub.Text
	for _, f := range r.of(hub.Weakness) {
		lines = append(lines, r.weaknessLine(f))
	}
	return r.orOpen(lines)
}

func (r *reading) weaknessLine(f hub.Fact) hub.Text {
	c, ok := r.lib.weaknesses.get(f.Value)
	if !ok {
		label, _ := r.vocab.Label(hub.Weakness, f.Value)
		return named(label, f.Confidence)
	}
	line := sentence(r.filled(hub.Text{JA: c.JA, EN: c.EN}), f.Confidence)
	if ids := r.present(c.Lets); len(ids) > 0 && f.Confidence != hub.Unknown {
		list := hub.Text{JA: strings.Join(ids, "、"), EN: strings.Join(ids, ", ")}
		return cite(line, fill(r.word("weakness.lets"), "{ids}", list))
	}
	return line
}

func (r *reading) handlingLines() []hub.Text {
	lines := []hub.Text{r.word("tlp." + string(r.in.TLP))}
	if r.has("indicator:*") {
		lines = append(lines, r.word("handling.expiry"))
	}
	if r.several() {
		return append(lines, r.filled(r.word("handling.several")))
	}
	return append(lines, r.filled(r.word("handling.source")))
}

// word is a fixed text of the library.
func (r *reading) word(key string) hub.Text { return r.lib.words[key] }

// orOpen returns lines, or one that says that the matter is under investigation.
func (r *reading) orOpen(lines []hub.Text) []hub.Text {
	if len(lines) == 0 {
		return []hub.Text{r.word("open")}
	}
	return lines
}

// filled puts the words of the sector and the names behind the way in into t.
func (r *reading) filled(t hub.Text) hub.Text {
	if !strings.Contains(t.JA, "{") && !strings.Contains(t.EN, "{") {
		return t
	}
	noun := r.in.Profile.Noun
	article := "a "
	if noun.EN != "" && strings.ContainsRune("aeiou", rune(noun.EN[0])) {
		article = "an "
	}
	return fill(t,
		"{noun}", noun, "{a_noun}", article+noun.EN,
		"{sector}", r.in.Profile.Sector,
		"{contractors}", r.sector.Contractors,
		"{cves}", r.cves(func(string) bool { return true }),
		"{exploited}", r.cves(r.exploited))
}
