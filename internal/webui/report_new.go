package webui

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/intake"
	"isac/hub/stix"
)

// reportPage is the form of a report: six questions first, the rest below. Files of
// the attack and a filled-in workbook help to fill it in, and stay nowhere.
type reportPage struct {
	Frame
	Case        string // that it continues
	Lost        bool   // which came as a file: the form can't hold all that it said
	Form        form.Answers
	Problems    map[string]string // text by field
	Routes      []choice
	WeaknessIDs []choice
	ImpactIDs   []choice
	ProductIDs  []choice
	Confidences []hub.Confidence
	Filled      bool        // from a workbook
	Draft       string      // id of the draft that this is, "" for none
	Saved       time.Time   // when that draft was saved
	Begun       []draftLine // the organisation's drafts
	Shown       *shown
}

func (reportPage) template() string { return "report" }

// Breached reports whether something is filled in about a breach of personal data.
func (p reportPage) Breached() bool { return p.Form.Breach != form.Breach{} }

// choice is one entry of a closed vocabulary.
type choice struct {
	ID, Label string
	Chosen    bool
}

var confidences = []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible}

// reportNew shows the form, empty or with what the case that it continues says.
func (u *UI) reportNew(v *visit) error {
	if !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	p := reportPage{Form: form.Answers{Confidence: hub.Possible}, Case: v.r.URL.Query().Get("case")}
	if id := v.r.URL.Query().Get("draft"); id != "" {
		err := p.goOn(v, id)
		if err != nil {
			return err
		}
		return v.showReport(p, nil)
	}
	if p.Case == "" {
		return v.showReport(p, nil)
	}
	original, err := u.Desk.Original(v.r.Context(), *v.me, p.Case)
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(original, stix.DefaultLimits())
	if a, ok := form.Read(bundle); err == nil && ok {
		p.Form = a
		if p.Form.Confidence == "" { // nothing was said of a way in
			p.Form.Confidence = hub.Possible
		}
	} else {
		p.Lost = true
	}
	return v.showReport(p, nil)
}

func (v *visit) showReport(p reportPage, problems map[string]string) error {
	p.Frame, p.Confidences, p.Problems = v.frame(), confidences, map[string]string{}
	for field, key := range problems {
		p.Problems[field] = v.t(key)
	}
	p.Routes = v.choices(hub.Route, []string{p.Form.Route})
	p.WeaknessIDs = v.choices(hub.Weakness, p.Form.Weaknesses)
	p.ImpactIDs = v.choices(hub.Impact, p.Form.Impacts)
	p.ProductIDs = v.choices(hub.Product, p.Form.Products)
	begun, err := v.begun()
	if err != nil {
		return err
	}
	p.Begun = slices.DeleteFunc(begun, func(d draftLine) bool { return d.ID == p.Draft })
	return v.show(p)
}

func (v *visit) choices(class hub.Class, chosen []string) []choice {
	var out []choice
	for _, e := range v.ui.Vocab.Entries(class) {
		if class == hub.Product && e.ID == v.ui.Profile.Exposed.Class {
			continue // the hub's word, not a reporter's
		}
		c := choice{ID: e.ID, Label: e.Label.In(v.lang)}
		for _, id := range chosen {
			c.Chosen = c.Chosen || id == e.ID
		}
		out = append(out, c)
	}
	return out
}

// answers are what the form was filled in with. Ticked values of files are the
// attacker's like those that were pasted.
func (v *visit) answers() form.Answers {
	a := form.Answers{
		Incident: v.field("incident"), Lang: v.lang, Route: v.field("route"), Confidence: hub.Confidence(v.field("confidence")),
		Weaknesses: v.r.PostForm["weakness"], Impacts: v.r.PostForm["impact"], Products: v.r.PostForm["product"],
	}
	for _, t := range a.Texts() {
		*t.Value = v.field(t.Name)
	}
	if ticked := v.r.PostForm["attacker"]; len(ticked) > 0 {
		a.Indicators = strings.TrimSpace(a.Indicators + "\n" + strings.Join(ticked, "\n"))
	}
	return a
}

// reportTake takes the form, or shows it again: with what is missing, or with what
// its files show.
func (u *UI) reportTake(v *visit) error {
	if !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	files, err := v.formAndFiles()
	if err != nil {
		return err
	}
	p := reportPage{Case: v.field("case"), Draft: v.field("draft"), Form: v.answers()}
	switch v.field("step") {
	case "find":
		p.Shown, err = v.shown(files)
	case "fill":
		err = p.fill(files)
	case "keep": // what is ticked is among the answers now
	default:
		return u.reportSend(v, p)
	}
	if err != nil && hub.KindOf(err) == hub.Internal {
		return err
	}
	return v.showReport(p, fileProblem(v.field("step"), err))
}

func (u *UI) reportSend(v *visit, p reportPage) error {
	problems := p.Form.Problems(u.Vocab)
	if problems != nil {
		return v.showReport(p, problems)
	}
	receipt, incident, err := u.Desk.ReportForm(v.r.Context(), *v.me, p.Case, p.Form)
	if err != nil {
		return err
	}
	err = u.Drafts.Drop(v.r.Context(), v.me.Org, p.Draft)
	if err != nil { // the report is on disk: the draft ends by itself
		u.Log.Warn("draft not erased", "class", string(hub.KindOf(err)))
	}
	return v.show(receiptPage{v.frame(), *receipt, incident})
}

// reportFile takes a STIX bundle that a tool of the member wrote.
func (u *UI) reportFile(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	file, _, err := v.r.FormFile("file")
	if err != nil { // its text could quote a file name
		return hub.E(hub.Invalid, "web.report.no-file")
	}
	defer file.Close()
	report, err := io.ReadAll(io.LimitReader(file, intake.MaxSealed+1))
	if err != nil || strings.TrimSpace(string(report)) == "" {
		return hub.E(hub.Invalid, "web.report.no-file")
	}
	receipt, err := u.Desk.ReportBy(v.r.Context(), *v.me, report)
	if err != nil {
		return err
	}
	return v.show(receiptPage{v.frame(), *receipt, ""})
}

// receiptPage says that a report is on disk.
type receiptPage struct {
	Frame
	Receipt  intake.Receipt
	Incident string // with which the form continues this report; "" for a file
}

func (receiptPage) template() string { return "receipt" }
