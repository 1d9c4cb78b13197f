package webui

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/direct"
)

// noticeListPage lists the direct notices that somebody may read, and where the
// secretariat writes one down.
type noticeListPage struct {
	Frame
	Writes  bool
	Notices []noticeLine
}

func (noticeListPage) template() string { return "notices" }

type noticeLine struct {
	ID    string
	State direct.State
	As    string
	At    time.Time
}

// noticePage is one notice, with what the reader may do about it. A recipient sees the
// text, and neither whose it is nor who else has it.
type noticePage struct {
	Frame
	As     string // "secretariat", "victim" or "recipient"
	ID     string
	State  direct.State
	On     time.Time
	Victim string
	Lines  []string
	To     []addressee
	Signed int      // people of the secretariat
	Mine   bool     // the reader is one of them
	Sign   signForm // consent of the victim's, or word of the secretariat's
	Record []noticed
}

func (noticePage) template() string { return "notice" }

type addressee struct {
	At     int
	Name   string
	Words  bool // somebody who has no account: handed over
	Handed time.Time
}

type noticed struct {
	Kind direct.Kind
	At   time.Time
	By   string
}

func (u *UI) noticeList(v *visit) error {
	list, err := u.Postbox.Of(v.r.Context(), *v.me)
	if err != nil {
		return err
	}
	p := noticeListPage{Frame: v.frame(), Writes: v.me.Has(hub.Secretariat) && v.me.Org == "hub"}
	if !p.Writes && !v.me.Has(hub.Reporter) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	for _, n := range list {
		p.Notices = append(p.Notices, noticeLine{n.ID, n.State, n.Reads(*v.me), n.Written})
	}
	return v.show(p)
}

// noticeWrite takes what the secretariat writes down.
func (u *UI) noticeWrite(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	d := direct.Draft{Victim: v.field("victim"), Text: v.field("text")}
	for _, id := range lines(v.field("members")) {
		d.To = append(d.To, direct.Recipient{Member: id})
	}
	for _, words := range lines(v.field("others")) {
		d.To = append(d.To, direct.Recipient{Words: words})
	}
	id, err := u.Postbox.Write(v.r.Context(), *v.me, d)
	if err != nil {
		return err
	}
	v.to("/notices/" + id)
	return nil
}

// lines are those of a text that aren't empty.
func lines(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func (u *UI) noticeShow(v *visit) error {
	n, as, err := u.Postbox.Get(v.r.Context(), *v.me, chi.URLParam(v.r, "notice"))
	if err != nil {
		return err
	}
	p := noticePage{Frame: v.frame(), As: as, ID: n.ID, State: n.State, On: n.SentAt, Lines: lines(n.Text)}
	if as == "recipient" {
		return v.show(p)
	}
	p.On, p.Victim, p.Signed, p.Sign = n.Written, v.called(n.Victim), len(n.Senders), v.signing(direct.ToConsent, n.Digest())
	if as == "secretariat" {
		p.Sign = v.signing(direct.ToSend, n.Digest())
	}
	for i, to := range n.To {
		a := addressee{At: i, Name: to.Words, Words: to.Words != ""}
		if !a.Words {
			a.Name = v.called(to.Member)
		}
		p.To = append(p.To, a)
	}
	for _, e := range n.Record {
		by := ""
		if as == "secretariat" {
			by = e.By.Person
		}
		p.Record = append(p.Record, noticed{e.Kind, e.Time, by})
		if e.Kind == direct.Handed {
			p.To[e.To].Handed = e.Time
		}
		p.Mine = p.Mine || e.Kind == direct.Signed && e.By.Person == v.me.ID
	}
	return v.show(p)
}

// called is the name of an organisation.
func (v *visit) called(id string) string {
	org, ok := v.ui.Roster.Organisation(id)
	if !ok || org.NameJA == "" {
		return id
	}
	return org.NameJA
}

// noticeDecide takes one word on a notice.
func (u *UI) noticeDecide(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	verb, id := chi.URLParam(v.r, "verb"), chi.URLParam(v.r, "notice")
	var signature []byte
	if verb == "consent" || verb == "send" {
		_, signature, err = v.signed()
		if err != nil {
			return err
		}
	}
	to := -1
	if n, bad := strconv.Atoi(v.field("to")); bad == nil {
		to = n
	}
	err = u.Postbox.Decide(v.r.Context(), *v.me, id, verb, signature, to)
	if err != nil {
		return err
	}
	v.to("/notices/" + id)
	return nil
}
