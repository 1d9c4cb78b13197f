package webui

import (
	"strconv"
	"strings"

	"isac/hub"
	"isac/internal/receipts"
)

// partnerPage is what is relayed to a partner, with receipts; for the secretariat, to
// every partner.
type partnerPage struct {
	Frame
	Given []receipts.Given
	Mine  bool // the reader is the partner
}

func (partnerPage) template() string { return "partner" }

// relayed are the pages of a partner who is given nothing but what everybody may read,
// besides those that nobody signs in for.
func relayed(path string) bool {
	return path == "/partner" || path == "/partner/receipt" || path == "/me" || strings.HasPrefix(path, "/me/")
}

func (u *UI) partnerShow(v *visit) error {
	p := partnerPage{Frame: v.frame(), Mine: v.me.Has(hub.RelayPartner)}
	var err error
	if p.Mine {
		g := receipts.Given{Person: v.me.ID, Edition: hub.TLPClear}
		if v.me.Partner != nil {
			g.Name, g.Edition = v.me.Partner.Name, v.me.Partner.Edition
		}
		g.Items, err = u.Receipts.For(v.r.Context(), *v.me)
		p.Given = []receipts.Given{g}
	} else {
		p.Given, err = u.Receipts.All(v.r.Context(), *v.me)
	}
	if err != nil {
		return err
	}
	return v.show(p)
}

// In is a title in the page's language.
func (p partnerPage) In(t hub.Text) string { return t.In(p.Lang) }

func (u *UI) partnerReceipt(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(v.field("version"))
	if err != nil {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	err = u.Receipts.Take(v.r.Context(), *v.me, v.field("id"), version)
	if err != nil {
		return err
	}
	v.to("/partner")
	return nil
}
