package webui

import (
	"encoding/base64"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/picture"
	"isac/hub/sector"
	"isac/hub/stix"
	"isac/internal/store"
)

// alertPage is one alert with everything around it.
type alertPage struct {
	Frame
	Alert      alertLine
	Sections   []section
	Techniques []technique
	Names      []name
	Indicators []indicator
	Related    []related
	Path       drawing // of the techniques
	Graph      drawing // of the relations
	Asked      asked
	Backs      []back
	Gone       int // of the alerts of which it was made, how many were taken back since
}

func (alertPage) template() string { return "alert" }

// section is one part of an alert's text.
type section struct {
	Heading string
	Ordered bool
	Lines   []string
	Actions map[int]action // by line
}

// action is something to do.
type action struct {
	ID    string         // the same in every alert
	Helps []documentLine // of the shelf
}

type technique struct {
	ID, Name string
	Tactics  []string
}

type name struct{ Class, Value, Label string }

type indicator struct {
	store.IndicatorRow
	Kind       string // its type, as people call it
	Defanged   string
	Confidence string // of today, as is ValidUntil
	Expired    bool
	Told       []feedback.Count
}

type related struct {
	alertLine
	Score   int
	Reasons []picture.Thing
}

const mostRelated = 10

// released returns the alert of the path; a recalled one is gone.
func (v *visit) released() (store.AlertRow, error) {
	row, err := v.reads.Public.Alert(v.r.Context(), chi.URLParam(v.r, "id"))
	if err != nil {
		return store.AlertRow{}, err
	}
	if row.Kind == hub.Recalled {
		return store.AlertRow{}, hub.E(hub.Gone, "alert.recalled")
	}
	return row, nil
}

func (u *UI) alertShow(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	if row.Stage == hub.Advisory {
		v.to("/advisories/" + row.ID)
		return nil
	}
	p := alertPage{Frame: v.frame(), Alert: v.line(row), Backs: v.backs(row)}
	bundle, err := parsedBundle(row.Bundle)
	if err != nil {
		return err
	}
	p.Sections = sections(deliver.TextIn(bundle).In(v.lang))
	v.linkActions(bundle, p.Sections)
	names, err := v.reads.Public.NamesOf(v.r.Context(), row.Number)
	if err != nil {
		return err
	}
	p.Techniques, p.Names = v.named(names)
	p.Indicators, err = v.indicators(store.IndicatorQuery{Number: row.Number, Limit: 500})
	if err != nil {
		return err
	}
	p.Related, err = v.related(row.ID)
	if err != nil {
		return err
	}
	if len(p.Techniques) > 0 {
		p.Path = v.drawn("/alerts/"+row.ID+"/path.svg", v.alertNote(row), u.pathOf(names))
	}
	if len(p.Related) > 0 {
		p.Graph = v.drawn("/alerts/"+row.ID+"/graph.svg", v.alertNote(row), graphOf(v.node(p.Alert), v.nodes(p.Related)))
	}
	p.Asked, err = v.asked(row)
	if err != nil {
		return err
	}
	together, err := v.reads.Overview.Campaign(v.r.Context(), row)
	if err != nil {
		return err
	}
	p.Gone = len(together.Gone)
	return v.show(p)
}

// sections reads the text of a released bundle.
func sections(text string) []section {
	var out []section
	for _, s := range analysis.ReadText(text) {
		out = append(out, section{Heading: s.Heading, Ordered: s.Ordered, Lines: s.Lines})
	}
	return out
}

func parsedBundle(bundle []byte) (stix.Bundle, error) {
	return stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
}

// named splits what an alert names into techniques and the rest, in reading order.
func (v *visit) named(rows []store.NameRow) (techniques []technique, names []name) {
	for _, class := range hub.Classes() {
		for _, r := range rows {
			if r.Class != string(class) {
				continue
			}
			if class == hub.Technique {
				techniques = append(techniques, v.technique(r.Value))
				continue
			}
			names = append(names, name{r.Class, r.Value, v.ui.label(v.lang, class, r.Value)})
		}
	}
	return techniques, names
}

func (v *visit) technique(id string) technique {
	out := technique{ID: id, Name: v.ui.label(v.lang, hub.Technique, id)}
	t, _ := v.ui.Vocab.Technique(id)
	for _, short := range t.Tactics {
		tactic, _ := v.ui.Vocab.Tactic(short)
		out.Tactics = append(out.Tactics, tactic.Name.In(v.lang))
	}
	return out
}

// label is how a value of a vocabulary is called.
func (u *UI) label(lang string, class hub.Class, value string) string {
	label, ok := u.Vocab.Label(class, value)
	if !ok {
		return value
	}
	return label.In(lang)
}

func (v *visit) indicators(q store.IndicatorQuery) ([]indicator, error) {
	rows, err := v.reads.Public.Indicators(v.r.Context(), q)
	if err != nil {
		return nil, err
	}
	return v.judged(rows)
}

// judged adds what rows are worth today.
func (v *visit) judged(rows []store.IndicatorRow) ([]indicator, error) {
	var topics []feedback.Topic
	for _, r := range rows {
		topics = append(topics, feedback.OfIndicator(r.StixID))
	}
	told, err := v.reads.Public.ToldOf(v.r.Context(), topics)
	if err != nil {
		return nil, err
	}
	var out []indicator
	for i, r := range rows {
		today := v.ui.Ballot.Rules.Stand(r.Stated(), told[topics[i]], v.ui.Now())
		r.ValidUntil, r.Confidence = today.ValidUntil, today.Confidence
		out = append(out, indicator{
			IndicatorRow: r, Kind: v.kind(r.Type), Defanged: analysis.Defanged(hub.Kind(r.Type), r.Value), Confidence: v.t("web.confidence." + confidence(today.Confidence)),
			Expired: !v.ui.Now().Before(r.ValidUntil), Told: told[topics[i]],
		})
	}
	return out, nil
}

// kind is how people call a type of indicators.
func (v *visit) kind(typ string) string {
	label, ok := v.ui.Library.Kind(hub.Kind(typ))
	if !ok {
		return typ
	}
	return label.In(v.lang)
}

// confidence is the word for a STIX confidence.
func confidence(score int) string {
	for _, c := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible} {
		if score >= c.Score() {
			return string(c)
		}
	}
	return string(hub.Unknown)
}

func (v *visit) related(id string) ([]related, error) {
	list, err := v.reads.Overview.Related(v.r.Context(), id, mostRelated)
	if err != nil {
		return nil, err
	}
	return v.relations(list)
}

// resembling are the released alerts to which a draft relates.
func (v *visit) resembling(stage hub.Stage, facts []hub.Fact) ([]related, error) {
	var names []sector.Name
	for _, f := range facts {
		n := sector.Name{Class: f.Class, Value: f.Value}
		if f.Class == hub.Indicator {
			n.Value = string(f.Kind) + " " + store.Lookup(f.Value)
		}
		names = append(names, n)
	}
	list, err := v.reads.Overview.Like(v.r.Context(), names, stage, mostRelated)
	if err != nil {
		return nil, err
	}
	return v.relations(list)
}

func (v *visit) relations(list []sector.Relation) ([]related, error) {
	var out []related
	for _, rel := range list {
		row, err := v.reads.Public.Alert(v.r.Context(), rel.ID)
		if hub.KindOf(err) == hub.NotFound {
			continue // a newer version has a stricter label
		}
		if err != nil {
			return nil, err
		}
		out = append(out, related{v.line(row), rel.Score, v.reasons(rel.Reasons)})
	}
	return out, nil
}

func (v *visit) reasons(list []sector.Name) []picture.Thing {
	var out []picture.Thing
	for _, n := range list {
		label := v.ui.label(v.lang, n.Class, n.Value)
		if n.Class == hub.Indicator {
			kind, value, _ := strings.Cut(n.Value, " ")
			label = analysis.Defanged(hub.Kind(kind), value)
		}
		out = append(out, picture.Thing{Class: n.Class, Label: label})
	}
	return out
}

// alertBundle gives the exact signed bytes.
func (u *UI) alertBundle(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/stix+json;version=2.1")
	h.Set("Content-Disposition", `attachment; filename="isac-alert-`+row.ID+`.json"`)
	h.Set("Isac-Signature", base64.StdEncoding.EncodeToString(row.Signature))
	_, _ = v.w.Write(row.Bundle) // a reader who left is no error of ours
	return nil
}
