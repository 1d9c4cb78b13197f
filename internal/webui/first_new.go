package webui

import (
	"strings"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/profile"
	"isac/internal/helpdesk"
	"isac/internal/locale"
)

// firstPage is the first report when everything is down: a code from the printed card
// and six questions, for whoever has neither computer nor passkey. Nobody signs in.
type firstPage struct {
	Frame
	Code      string
	Continues string // receipt of an earlier report
	Form      form.Answers
	Help      string // "yes" or "no"
	Problems  map[string]string
	Telephone string // of the secretariat
}

func (firstPage) template() string { return "first" }

// firstReceiptPage says that a first report is on disk, and who will call.
type firstReceiptPage struct {
	Frame
	Number string
	Desk   profile.Desk
	Called bool // the desk was called
	Failed bool // it couldn't be
}

func (firstReceiptPage) template() string { return "first-receipt" }

func (u *UI) firstNew(v *visit) error {
	return v.show(firstPage{Frame: v.frame(), Telephone: u.Profile.Telephone})
}

// firstTake takes code and answers in one step. What is missing in the answers is told
// before the code is looked at, so that it tells nothing of the code.
func (u *UI) firstTake(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	p := firstPage{
		Frame: v.frame(), Code: v.field("code"), Continues: strings.ToLower(v.field("continues")), Form: v.six(), Help: v.field("help"),
		Telephone: u.Profile.Telephone,
	}
	p.Problems = v.sixProblems(p.Form, p.Help)
	if p.Code == "" {
		p.Problems["code"] = v.t("form.needed")
	}
	if len(p.Problems) > 0 {
		return v.show(p)
	}
	org, receipt, err := u.Desk.FirstReport(v.r.Context(), p.Code, p.Continues, p.Form)
	switch hub.KindOf(err) {
	case hub.Unsigned:
		p.Problems["code"] = locale.Error(v.lang, err)
		return v.show(p)
	case hub.NotFound:
		p.Problems["continues"] = locale.Error(v.lang, err)
		return v.show(p)
	}
	if err != nil {
		return err
	}
	done := firstReceiptPage{Frame: v.frame(), Number: receipt.Number, Desk: u.Profile.DeskOf(org), Called: p.Help == "yes"}
	done.Failed = u.callAbout(v, org, p.Form, done.Called) != nil
	return v.show(done)
}

// six are the answers to the six questions.
func (v *visit) six() form.Answers {
	return form.Answers{
		Lang: v.lang, Seen: v.field("seen"), Stopped: v.field("stopped"), Since: v.field("since"),
		Entry: v.field("entry"), Contact: v.field("contact"), Confidence: hub.Possible,
	}
}

// sixProblems says what of the six can't be sent yet.
func (v *visit) sixProblems(a form.Answers, help string) map[string]string {
	out := map[string]string{}
	for field, key := range a.Problems(v.ui.Vocab) {
		out[field] = v.t(key)
	}
	if a.Contact == "" {
		out["contact"] = v.t("form.needed")
	}
	if help != "yes" && help != "no" {
		out["help"] = v.t("form.needed")
	}
	return out
}

// callAbout tells the secretariat whom to call back about a first report, and the desk
// where help is wanted. Neither is a part of the case.
func (u *UI) callAbout(v *visit, org hub.Organisation, a form.Answers, help bool) error {
	err := u.Help.Ask(v.r.Context(), org, helpdesk.Call{Kind: helpdesk.CallBack, Number: a.Contact})
	if help {
		err = u.Help.Ask(v.r.Context(), org, helpdesk.Call{Kind: helpdesk.ForHelp, Number: a.Contact, State: shortened(a.Stopped + "\n" + a.Seen)})
	}
	return err
}

// shortened cuts a text to what a call holds.
func shortened(text string) string {
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), 500)])
}
