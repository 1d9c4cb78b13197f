package webui

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/intake"
)

// reportPage is the form of a report: six questions first, the rest below.
type reportPage struct {
	Frame
	Form        form.Answers
	Problems    map[string]string // text by field
	Routes      []choice
	WeaknessIDs []choice
	ImpactIDs   []choice
	ProductIDs  []choice
	Confidences []hub.Confidence
}

func (reportPage) template() string { return "report" }

// choice is one entry of a closed vocabulary.
type choice struct {
	ID, Label string
	Chosen    bool
}

var confidences = []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible}

func (u *UI) reportNew(v *visit) error {
	if !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	return v.showReport(form.Answers{Confidence: hub.Possible}, nil)
}

func (v *visit) showReport(a form.Answers, problems map[string]string) error {
	p := reportPage{Frame: v.frame(), Form: a, Confidences: confidences, Problems: map[string]string{}}
	for field, key := range problems {
		p.Problems[field] = v.t(key)
	}
	p.Routes = v.choices(hub.Route, []string{a.Route})
	p.WeaknessIDs = v.choices(hub.Weakness, a.Weaknesses)
	p.ImpactIDs = v.choices(hub.Impact, a.Impacts)
	p.ProductIDs = v.choices(hub.Product, a.Products)
	return v.show(p)
}

func (v *visit) choices(class hub.Class, chosen []string) []choice {
	var out []choice
	for _, e := range v.ui.vocab.Entries(class) {
		c := choice{ID: e.ID, Label: e.Label.In(v.lang)}
		for _, id := range chosen {
			c.Chosen = c.Chosen || id == e.ID
		}
		out = append(out, c)
	}
	return out
}

// reportTake takes the form, or shows it again with what is missing.
func (u *UI) reportTake(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	a := form.Answers{
		Incident: v.field("incident"), Lang: v.lang, Seen: v.field("seen"), Stopped: v.field("stopped"), Since: v.field("since"),
		Entry: v.field("entry"), Route: v.field("route"), Confidence: hub.Confidence(v.field("confidence")),
		Weaknesses: v.r.PostForm["weakness"], Impacts: v.r.PostForm["impact"], Products: v.r.PostForm["product"],
		Note: v.field("note"), Done: v.field("done"), CVEs: v.field("cves"), Indicators: v.field("indicators"), Contact: v.field("contact"),
	}
	problems := a.Problems(u.vocab)
	if problems != nil {
		return v.showReport(a, problems)
	}
	org, ok := u.Roster.Organisation(v.me.Org)
	if !ok {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	report, incident, err := form.Build(a, u.vocab, org, u.Now(), rand.Reader)
	if err != nil {
		return err
	}
	receipt, err := u.Desk.ReportBy(v.r.Context(), *v.me, report)
	if err != nil {
		return err
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
