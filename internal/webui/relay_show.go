package webui

import (
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/locale"
)

// relayListPage is for the working group: notices on vulnerabilities that wait, with the
// clock, what was decided lately, and how the sources were last read.
type relayListPage struct {
	Frame
	Done    bool // something was just decided
	Waiting []relayLine
	Decided []relayLine
	Sources []advisory.SourceState
}

func (relayListPage) template() string { return "relay" }

type relayLine struct {
	advisory.Advisory
	State advisory.State
	Since time.Time
	Age   clock
	Due   time.Time
	Late  bool
	Names bool // its words name an organisation of the sector
}

// relayPage is one of them, with what would go out and the publisher's words.
type relayPage struct {
	Frame
	Line     relayLine
	TLP      string
	Sections []section // of the hub's note
	Decides  bool      // the reader may
	Sign     signForm
}

func (relayPage) template() string { return "relay-one" }

func (u *UI) relayLine(n advisory.Item) relayLine {
	due := n.Since.Add(advisory.Target)
	return relayLine{n.Advisory, n.State, n.Since, clockOf(u.Now().Sub(n.Since)), due, !u.Now().Before(due), n.Names}
}

// mostDecided is how many decided ones are listed.
const mostDecided = 50

func (u *UI) relayList(v *visit) error {
	list, err := u.Desk.Advisories(v.r.Context(), *v.me)
	if err != nil {
		return err
	}
	sources, err := u.Desk.SourceStates(v.r.Context(), *v.me)
	if err != nil {
		return err
	}
	p := relayListPage{Frame: v.frame(), Done: v.r.URL.Query().Has("done"), Sources: explained(sources)}
	for _, n := range list {
		switch {
		case n.State == advisory.Waits:
			p.Waiting = append(p.Waiting, u.relayLine(n))
		case len(p.Decided) < mostDecided:
			p.Decided = append(p.Decided, u.relayLine(n))
		}
	}
	return v.show(p)
}

// explained are sources with classes that the page has words for.
func explained(list []advisory.SourceState) []advisory.SourceState {
	for i, s := range list {
		if s.Class != "" && s.Class != "ok" && !locale.Has("web.relay.source-"+s.Class) {
			list[i].Class = string(hub.Internal)
		}
	}
	return list
}

func (u *UI) relayShow(v *visit) error {
	n, err := u.Desk.Advisory(v.r.Context(), *v.me, chi.URLParam(v.r, "advisory"))
	if err != nil {
		return err
	}
	if n.State == advisory.Sent {
		v.to("/advisories/" + n.ID)
		return nil
	}
	p := relayPage{Frame: v.frame(), Line: u.relayLine(n), TLP: tlp(n.TLP), Decides: v.me.Has(hub.Moderator) && n.State == advisory.Waits}
	p.Sections = sections(n.Note(n.Out+1, u.Library, u.Desk.Vocabulary()).Text(v.lang))
	p.Sign = v.signing(advisory.ToRelease, n.Digest())
	return v.show(p)
}

// relayDecide takes a moderator's word.
func (u *UI) relayDecide(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	verb, id := chi.URLParam(v.r, "verb"), chi.URLParam(v.r, "advisory")
	var signature []byte
	if verb == "approve" {
		_, signature, err = v.signed()
		if err != nil {
			return err
		}
	}
	err = u.Desk.DecideAdvisory(v.r.Context(), *v.me, id, verb, signature)
	if err != nil {
		return err
	}
	v.to("/relay?done")
	return nil
}

// productsSet takes what a person says she runs.
func (u *UI) productsSet(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Notices.SetProducts(v.r.Context(), v.me.ID, v.r.PostForm["product"])
	if err != nil {
		return err
	}
	return v.showTelling(tellingPage{Done: v.t("web.telling.products-kept")})
}
