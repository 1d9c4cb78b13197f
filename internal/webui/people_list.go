package webui

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/locale"
)

// peopleListPage lists who is on the roster.
type peopleListPage struct {
	Frame
	Query   string
	Total   int
	People  []personLine
	Roles   []choice
	Desks   []choice
	Confirm confirmForm
}

func (peopleListPage) template() string { return "people" }

type personLine struct {
	ID, Org, Name string // of the organisation
	Roles         []hub.Role
	Key           bool
	Passkeys      []passkeyLine
	Invited       time.Time // until when an invitation is good; zero where there is none
	Tokens        int       // and certificates, that the person made
}

// mostPeople are shown at once.
const mostPeople = 200

func (u *UI) peopleList(v *visit) error {
	query, err := v.filter()
	if err != nil {
		return err
	}
	confirm, err := v.confirming()
	if err != nil {
		return err
	}
	p := peopleListPage{
		Frame: v.frame(), Query: query, Roles: v.roles(nil), Desks: v.desks(""), Confirm: confirm,
	}
	for _, who := range u.Roster.People() {
		l := v.person(who)
		p.Total++
		if len(p.People) < mostPeople && (strings.Contains(l.Name, p.Query) || strings.Contains(l.Org, p.Query) || strings.Contains(l.ID, p.Query)) {
			p.People = append(p.People, l)
		}
	}
	return v.show(p)
}

func (v *visit) person(p hub.Person) personLine {
	l := personLine{ID: p.ID, Org: p.Org, Name: v.ui.Name, Roles: p.Roles, Key: len(p.Key) > 0, Invited: v.ui.Roster.InvitedTo(p.ID, v.ui.Now()), Tokens: len(v.ui.Roster.TokensOf(p.ID))}
	if org, ok := v.ui.Roster.Organisation(p.Org); ok {
		l.Name = org.NameJA
	}
	for _, k := range p.Passkeys {
		l.Passkeys = append(l.Passkeys, shortly(k))
	}
	return l
}

func (v *visit) roles(have []hub.Role) []choice {
	var out []choice
	for _, r := range hub.Roles() {
		out = append(out, choice{string(r), v.t("web.role." + string(r)), slices.Contains(have, r)})
	}
	return out
}

func (v *visit) desks(have string) []choice {
	var out []choice
	for _, d := range append(slices.Clone(v.ui.Profile.Desks), v.ui.Profile.Desk(profile.SecretariatDesk)) {
		out = append(out, choice{d.ID, d.Name.In(v.lang), d.ID == have})
	}
	return out
}

// chosen are the roles, and the desk of a helper, that a form gives.
func (v *visit) chosen() ([]hub.Role, string) {
	var roles []hub.Role
	for _, r := range v.r.PostForm["role"] {
		roles = append(roles, hub.Role(r))
	}
	if !slices.Contains(roles, hub.Helper) {
		return roles, ""
	}
	return roles, v.field("desk")
}

// partnerOf is for whom a relay partner is, and what it is given; nil for other roles.
func (v *visit) partnerOf(roles []hub.Role) (*hub.Partner, error) {
	if !slices.Contains(roles, hub.RelayPartner) {
		return nil, nil
	}
	of := &hub.Partner{Name: v.field("partner"), Edition: hub.TLP(v.field("edition"))}
	if of.Name == "" || of.Edition != hub.TLPClear && of.Edition != hub.TLPGreen {
		return nil, hub.E(hub.Invalid, "member.partner")
	}
	return of, nil
}

// personAdd puts a person on the roster and shows the invitation.
func (u *UI) personAdd(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	roles, desk := v.chosen()
	of, err := v.partnerOf(roles)
	if err != nil {
		return err
	}
	p, _, err := u.Office.AddPerson(v.r.Context(), v.me.ID, v.field("org"), roles, desk, nil)
	if err != nil {
		return err
	}
	if of != nil {
		err = u.Roster.SetPartner(v.r.Context(), p.ID, *of)
		if err != nil {
			return err
		}
	}
	address, err := u.Office.Invite(v.r.Context(), v.me.ID, p.ID)
	if err != nil {
		return err
	}
	return v.showPerson(p.ID, personPage{Invitation: address})
}

// personPage is one person of the roster.
type personPage struct {
	Frame
	Person     personLine
	Roles      []choice
	Desks      []choice
	Invitation string // just made, this once
	Done       string
	Myself     bool
	Confirm    confirmForm
}

func (personPage) template() string { return "person" }

func (u *UI) personShow(v *visit) error {
	return v.showPerson(chi.URLParam(v.r, "person"), personPage{})
}

func (v *visit) showPerson(id string, p personPage) error {
	who, err := v.ui.Office.Person(id)
	if err != nil {
		return err
	}
	p.Confirm, err = v.confirming()
	if err != nil {
		return err
	}
	p.Frame, p.Person, p.Roles, p.Desks, p.Myself = v.frame(), v.person(who), v.roles(who.Roles), v.desks(who.Desk), id == v.me.ID
	p.Path = "/office/people/" + id
	return v.show(p)
}

// personDecide changes what a person has and may.
func (u *UI) personDecide(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	ctx, me, id := v.r.Context(), v.me.ID, chi.URLParam(v.r, "person")
	switch chi.URLParam(v.r, "verb") {
	case "invite":
		address, err := u.Office.Invite(ctx, me, id)
		if err != nil {
			return err
		}
		return v.showPerson(id, personPage{Invitation: address})
	case "roles":
		roles, desk := v.chosen()
		of, bad := v.partnerOf(roles)
		if bad != nil {
			return bad
		}
		err = u.Office.SetRoles(ctx, me, id, roles, desk)
		if err == nil && of != nil {
			err = u.Roster.SetPartner(ctx, id, *of)
		}
	case "passkey":
		key, bad := base64.RawURLEncoding.DecodeString(v.field("id"))
		if bad != nil {
			return hub.E(hub.Invalid, "http.bad-body")
		}
		err = u.Office.RemovePasskey(ctx, me, id, key)
	case "tokens":
		err = u.Office.RevokeTokens(ctx, me, id)
	case "remove":
		err = u.Office.RemovePerson(ctx, me, id)
		if err == nil {
			v.to("/office/people")
			return nil
		}
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	return v.showPerson(id, personPage{Done: locale.Text(v.lang, "web.office.changed")})
}
