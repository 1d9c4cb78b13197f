package webui

import (
	"isac/hub"
	"isac/hub/form"
	"isac/internal/locale"
)

// dictatePage is a first report that somebody of the secretariat writes on the
// telephone for a member. Who telephoned may be anybody: it is sent only after the
// member's registered number was called back and somebody there confirmed it.
type dictatePage struct {
	Frame
	Member    string
	Continues string
	Form      form.Answers
	Help      string
	Problems  map[string]string
	Number    string // the registered one, once the member is known
	Name      string
	Done      string // number of the receipt
}

func (dictatePage) template() string { return "dictate" }

func (u *UI) dictateNew(v *visit) error {
	if !v.me.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	return v.show(dictatePage{Frame: v.frame()})
}

// dictateTake shows the number to call back first, and takes the report when the call
// has been made.
func (u *UI) dictateTake(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	if !v.me.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	p := dictatePage{Frame: v.frame(), Member: v.field("member"), Continues: v.field("continues"), Form: v.six(), Help: v.field("help")}
	p.Problems = v.sixProblems(p.Form, p.Help)
	org, ok := u.Roster.Organisation(p.Member)
	switch {
	case !ok || !org.Member:
		p.Problems["member"] = v.t("member.unknown")
	case org.Phone == "":
		p.Problems["member"] = v.t("first.no-number")
	default:
		p.Number, p.Name = org.Phone, org.NameJA
	}
	if len(p.Problems) > 0 || v.field("step") != "send" {
		return v.show(p)
	}
	with := v.field("with")
	if with == "" || v.field("called") != "yes" {
		p.Problems["with"] = v.t("first.no-call-back")
		return v.show(p)
	}
	receipt, err := u.Desk.Dictate(v.r.Context(), *v.me, p.Member, with, p.Continues, p.Form)
	if hub.KindOf(err) == hub.NotFound {
		p.Problems["continues"] = locale.Error(v.lang, err)
		return v.show(p)
	}
	if err != nil {
		return err
	}
	if p.Help == "yes" {
		err = u.callAbout(v, org, p.Form, true)
		if err != nil {
			return err
		}
	}
	return v.show(dictatePage{Frame: v.frame(), Done: receipt.Number})
}
