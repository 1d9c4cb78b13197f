package webui

import (
	"slices"
	"strconv"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/deliver"
	"isac/internal/store"
)

// advisoryListPage lists notices on vulnerabilities that were passed on: those on what the
// reader says she runs first, then the newest first.
type advisoryListPage struct {
	Frame
	Yours   []advisoryLine
	Others  []advisoryLine
	Listed  bool // she has said what she runs
	Waiting int  // for a moderator, where the reader is of the working group
	More    string
}

func (advisoryListPage) template() string { return "advisories" }

type advisoryLine struct {
	alertLine
	Products []string // labels
	CVEs     []string
}

// advisoryPage is one of them, with the publisher's words.
type advisoryPage struct {
	Frame
	Alert    alertLine
	Sections []section
	Notice   advisory.Advisory
}

func (advisoryPage) template() string { return "advisory" }

func (u *UI) advisoryList(v *visit) error {
	p := advisoryListPage{Frame: v.frame()}
	s, err := u.Notices.Of(v.r.Context(), v.me.ID)
	if err != nil {
		return err
	}
	p.Listed = len(s.Products) > 0
	rows, err := v.reads.Public.Alerts(v.r.Context(), store.AlertQuery{Stage: hub.Advisory, Before: v.before(), Limit: alertsOnAPage})
	if err != nil {
		return err
	}
	for _, row := range rows {
		l := advisoryLine{alertLine: v.line(row)}
		names, err := v.reads.Public.NamesOf(v.r.Context(), row.Number)
		if err != nil {
			return err
		}
		yours := false
		for _, n := range names {
			switch hub.Class(n.Class) {
			case hub.Product:
				label, _ := u.Vocab.Label(hub.Product, n.Value)
				l.Products = append(l.Products, label.In(v.lang))
				yours = yours || slices.Contains(s.Products, n.Value)
			case hub.CVE:
				l.CVEs = append(l.CVEs, n.Value)
			}
		}
		if yours {
			p.Yours = append(p.Yours, l)
		} else {
			p.Others = append(p.Others, l)
		}
	}
	if len(rows) == alertsOnAPage {
		p.More = "/advisories?before=" + strconv.FormatUint(rows[len(rows)-1].News, 10)
	}
	p.Waiting, err = v.advisoriesWaiting()
	if err != nil {
		return err
	}
	return v.show(p)
}

// advisoriesWaiting counts those that wait for a moderator; 0 for who isn't of the working
// group.
func (v *visit) advisoriesWaiting() (n int, err error) {
	if !v.me.Has(hub.Moderator) && !v.me.Has(hub.Secretariat) {
		return 0, nil
	}
	list, err := v.ui.Desk.Advisories(v.r.Context(), *v.me)
	for _, a := range list {
		if a.State == advisory.Waits {
			n++
		}
	}
	return n, err
}

func (u *UI) advisoryShow(v *visit) error {
	row, err := v.released()
	if err != nil {
		return err
	}
	if row.Stage != hub.Advisory {
		v.to("/alerts/" + row.ID)
		return nil
	}
	p := advisoryPage{Frame: v.frame(), Alert: v.line(row)}
	bundle, err := parsedBundle(row.Bundle)
	if err != nil {
		return err
	}
	p.Sections = sections(deliver.TextIn(bundle).In(v.lang))
	if !p.Alert.Back {
		p.Notice, err = advisory.Of(row.Bundle)
		if err != nil {
			return err
		}
	}
	return v.show(p)
}
