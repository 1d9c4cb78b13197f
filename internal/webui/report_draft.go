package webui

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/internal/notebook"
)

// draftLine is a draft of the organisation, to go on with.
type draftLine struct {
	ID    string
	Saved time.Time
	Mine  bool
	Begin string // of what is seen
}

// begun are the drafts of the organisation of who is signed in.
func (v *visit) begun() ([]draftLine, error) {
	list, err := v.ui.Drafts.List(v.r.Context(), v.me.Org)
	if err != nil {
		return nil, err
	}
	var out []draftLine
	for _, d := range list {
		out = append(out, draftLine{d.ID, d.Saved, d.By == v.me.ID, begin(d.Answers.Seen)})
	}
	return out, nil
}

// begin is the beginning of a text, to know it by.
func begin(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= 40 {
		return string(r)
	}
	return string(r[:40]) + "…"
}

// goOn fills the form with a draft.
func (p *reportPage) goOn(v *visit, id string) error {
	list, err := v.ui.Drafts.List(v.r.Context(), v.me.Org)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(d notebook.Draft) bool { return d.ID == id })
	if at < 0 {
		return hub.E(hub.NotFound, "web.report.no-draft")
	}
	p.Draft, p.Case, p.Form, p.Saved = id, list[at].Case, list[at].Answers, list[at].Saved
	return nil
}

// draftSave keeps what is filled in for the organisation, unsent. A script gets the
// draft's id and what can't be sent as it is; a form is shown again.
func (u *UI) draftSave(v *visit) error {
	if !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	_, err := v.formAndFiles()
	if err != nil {
		return err
	}
	a := v.answers()
	problems := a.Problems(u.Vocab)
	if slices.Contains(slices.Collect(maps.Values(problems)), "form.too-long") {
		return hub.E(hub.TooLarge, "form.too-long")
	}
	id, err := u.Drafts.Save(v.r.Context(), v.me.Org, notebook.Draft{ID: v.field("draft"), By: v.me.ID, Case: v.field("case"), Answers: a})
	if err != nil {
		return err
	}
	if v.r.Header.Get("Accept") != "application/json" {
		v.to("/report?draft=" + id)
		return nil
	}
	answer := struct {
		Draft    string            `json:"draft"`
		Text     string            `json:"text"`
		Problems map[string]string `json:"problems"`
	}{id, v.savedText(u.Now()), map[string]string{}}
	for field, key := range problems {
		if key != "form.needed" { // that may still come
			answer.Problems[field] = v.t(key)
		}
	}
	v.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(v.w).Encode(answer)
}

func (v *visit) savedText(at time.Time) string {
	return v.t("web.report.saved", at.In(tokyo).Format("15:04"), fmt.Sprint(int(notebook.DraftsLast.Hours()/24)))
}

// draftDrop forgets a draft.
func (u *UI) draftDrop(v *visit) error {
	if !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Drafts.Drop(v.r.Context(), v.me.Org, v.field("draft"))
	if err != nil {
		return err
	}
	v.to("/report")
	return nil
}
