package webui

import (
	"isac/hub"
	"isac/hub/picture"
	"isac/internal/conveyor"
	"isac/internal/store"
)

// campaignListPage is about alerts that are made of several: what could be put together,
// what is proposed, and what is out.
type campaignListPage struct {
	Frame
	Done      bool      // something was just proposed
	Chosen    *cluster  // around one alert that somebody came from
	Clusters  []cluster // that no alert tells together
	Proposals []proposal
	Campaigns []together
}

func (campaignListPage) template() string { return "campaigns" }

// cluster is full alerts that could be put together, and why.
type cluster struct {
	Alerts []alertLine
	Score  int // 0 where somebody chooses herself
	Shared []picture.Thing
}

type proposal struct {
	conveyor.Proposal
	Of []alertLine
}

// together is an alert about several others.
type together struct {
	alertLine
	Of   []alertLine
	Gone int // of them, how many were taken back since
}

// MayPropose reports whether a person may have alerts put together.
func (f Frame) MayPropose() bool {
	return f.May(string(hub.Moderator)) || f.May(string(hub.Secretariat))
}

func (u *UI) campaignList(v *visit) error {
	p := campaignListPage{Frame: v.frame(), Done: v.r.URL.Query().Has("done")}
	if !p.MayPropose() {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	err := p.around(v, v.r.URL.Query().Get("with"))
	if err != nil {
		return err
	}
	rules := u.Profile.Campaigns
	if rules.Score > 0 {
		untold, err := v.reads.Overview.Untold(v.r.Context(), u.Now().Add(-rules.Within.Std()), rules.Score)
		if err != nil {
			return err
		}
		for _, c := range untold {
			lines, err := v.linesOf(c.IDs)
			if err != nil {
				return err
			}
			p.Clusters = append(p.Clusters, cluster{lines, c.Score, v.reasons(c.Shared)})
		}
	}
	err = p.proposed(v)
	if err != nil {
		return err
	}
	out, err := v.reads.Overview.Campaigns(v.r.Context())
	if err != nil {
		return err
	}
	for _, c := range out {
		lines, err := v.linesOf(c.Rests)
		if err != nil {
			return err
		}
		p.Campaigns = append(p.Campaigns, together{v.line(c.AlertRow), lines, len(c.Gone)})
	}
	return v.show(p)
}

// around offers an alert with those that relate to it.
func (p *campaignListPage) around(v *visit, id string) error {
	if id == "" {
		return nil
	}
	row, err := v.reads.Public.Alert(v.r.Context(), id)
	if err != nil {
		return err
	}
	like, err := v.related(id)
	if err != nil {
		return err
	}
	c := cluster{Alerts: []alertLine{v.line(row)}}
	for _, r := range like {
		if r.Stage == hub.Full {
			c.Alerts = append(c.Alerts, r.alertLine)
		}
	}
	if row.Stage == hub.Full && !row.Kind.Back() && len(c.Alerts) > 1 {
		p.Chosen = &c
	}
	return nil
}

func (p *campaignListPage) proposed(v *visit) error {
	list, err := v.ui.Desk.Proposals(*v.me)
	if err != nil {
		return err
	}
	for _, one := range list {
		lines, err := v.linesOf(one.Alerts)
		if err != nil {
			return err
		}
		p.Proposals = append(p.Proposals, proposal{one, lines})
	}
	return nil
}

func (v *visit) linesOf(ids []string) ([]alertLine, error) {
	var rows []store.AlertRow
	for _, id := range ids {
		row, err := v.reads.Public.Alert(v.r.Context(), id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return v.lines(rows), nil
}

// campaignPropose has an alert about several drafted and put under review.
func (u *UI) campaignPropose(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Desk.Propose(v.r.Context(), *v.me, v.r.PostForm["alert"])
	if err != nil {
		return err
	}
	v.to("/campaigns?done")
	return nil
}
