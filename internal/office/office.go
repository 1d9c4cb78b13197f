// Package office is what the secretariat does to a hub: members, their machine
// credentials, people and their roles. The commands of isacd and the web pages call the
// same functions, and each leaves an act (roster.Act) before it is done.
//
// It trusts its caller for who acts, and for having asked whether she may: the pages want
// the role and a passkey, the commands the data folder. Nothing of a report or a case
// passes through it.
//
//	creds, err := office.Rotate(ctx, by, "SYN00042")
package office

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/review"
	"isac/internal/member"
	"isac/internal/metrics"
	"isac/internal/natsbus"
	"isac/internal/roster"
	"isac/internal/store"
)

// Config is what an Office needs; every field must be set.
type Config struct {
	Bus     *natsbus.Bus
	Roster  *roster.Roster
	Public  *store.Public
	Metrics *metrics.Set
	Profile *profile.Profile
	Hub     func() member.Hub // what credentials files carry
	Pages   string            // where people's browsers find the pages
	Now     func() time.Time
}

// Office is safe for concurrent use.
type Office struct {
	Config

	mu   sync.Mutex
	held map[string]heldList // by person
}

// New returns an Office.
func New(c Config) *Office { return &Office{Config: c, held: map[string]heldList{}} }

// The verbs of acts.
const (
	Imported       = "import"
	Issued         = "issue"
	Rotated        = "rotate"
	Revoked        = "revoke"
	Added          = "add"
	Invited        = "invite"
	RolesSet       = "roles"
	PasskeyRemoved = "passkey-remove"
	TokensRevoked  = "tokens-revoke"
	Removed        = "remove"
	Exported       = "export"
	failed         = "-failed" // follows a verb that was recorded and then couldn't be done
)

// Verbs lists all verbs.
func Verbs() []string {
	var out []string
	for _, v := range []string{Imported, Issued, Rotated, Revoked, Added, Invited, RolesSet, PasskeyRemoved, TokensRevoked, Removed, Exported} {
		out = append(out, v, v+failed)
	}
	return out
}

// do records an act, does it, and records as well where that failed.
func (o *Office) do(ctx context.Context, by, verb, of, detail string, effect func() error) error {
	a := roster.Act{Time: o.Now(), By: by, Verb: verb, Of: of, Detail: detail}
	err := o.Roster.Record(ctx, a)
	if err != nil {
		return err
	}
	err = effect()
	if err == nil {
		return nil
	}
	a.Verb, a.Time = verb+failed, o.Now()
	unrecorded := o.Roster.Record(ctx, a)
	if unrecorded != nil {
		return unrecorded
	}
	return err
}

// known returns a member.
func (o *Office) known(id string) (hub.Organisation, error) {
	org, ok := o.Roster.Organisation(id)
	if !ok || !org.Member {
		return hub.Organisation{}, hub.E(hub.NotFound, "member.unknown")
	}
	return org, nil
}

// Issue makes a credentials file for a member; it exists nowhere else.
func (o *Office) Issue(ctx context.Context, by, id string) ([]byte, error) {
	return o.credentials(ctx, by, Issued, id, o.Roster.IssueCredentials)
}

// Rotate is Issue, with every older credential of the member shut out.
func (o *Office) Rotate(ctx context.Context, by, id string) ([]byte, error) {
	return o.credentials(ctx, by, Rotated, id, o.Roster.Rotate)
}

func (o *Office) credentials(ctx context.Context, by, verb, id string, issue func(context.Context, string, time.Time) ([]byte, error)) (file []byte, err error) {
	_, err = o.known(id)
	if err != nil {
		return nil, err
	}
	err = o.do(ctx, by, verb, id, "", func() error {
		creds, err := issue(ctx, id, o.Now())
		if err != nil {
			return err
		}
		file, err = member.Write(creds, o.Hub())
		return err
	})
	return file, err
}

// Revoke shuts out every machine credential of an organisation and returns how many.
func (o *Office) Revoke(ctx context.Context, by, id string) (n int, err error) {
	if len(o.Roster.ActiveKeys(id, o.Now())) == 0 {
		return o.Roster.Revoke(ctx, id, o.Now()) // says so
	}
	err = o.do(ctx, by, Revoked, id, "", func() error {
		n, err = o.Roster.Revoke(ctx, id, o.Now())
		return err
	})
	return n, err
}

// AddPerson puts a person on the roster. The token is for who gives the command; the
// pages invite instead, and show none.
func (o *Office) AddPerson(ctx context.Context, by, org string, roles []hub.Role, desk string, key []byte) (p hub.Person, token string, err error) {
	err = o.checkDesk(roles, desk)
	if err != nil {
		return p, "", err
	}
	p, token, err = o.Roster.AddPerson(ctx, org, roles, key)
	if err != nil {
		return p, "", err
	}
	if desk != "" {
		err = o.Roster.PutAtDesk(ctx, p.ID, desk)
		if err != nil {
			return p, "", err
		}
	}
	// The id is known only now. Nobody has the token or an invitation before this returns.
	return p, token, o.Roster.Record(ctx, roster.Act{Time: o.Now(), By: by, Verb: Added, Of: p.ID, Detail: named(roles)})
}

// checkDesk wants a helper, and nobody else, to have a desk that the profile knows.
func (o *Office) checkDesk(roles []hub.Role, desk string) error {
	if slices.Contains(roles, hub.Helper) == (desk != "") && (desk == "" || o.Profile.Desk(desk).ID == desk) {
		return nil
	}
	var names []string
	for _, d := range o.Profile.Desks {
		names = append(names, d.ID)
	}
	return hub.E(hub.Invalid, "member.desk", strings.Join(append(names, profile.SecretariatDesk), ", "))
}

func named(roles []hub.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	return strings.Join(names, " ")
}

// Invite returns the address at which a person makes a passkey, once.
func (o *Office) Invite(ctx context.Context, by, id string) (address string, err error) {
	_, err = o.Person(id)
	if err != nil {
		return "", err
	}
	err = o.do(ctx, by, Invited, id, "", func() error {
		code, err := o.Roster.Invite(ctx, id, o.Now())
		address = o.Pages + "/invite/" + code
		return err
	})
	return address, err
}

// SetRoles gives a person other roles. Nobody takes the secretariat's from herself: the
// last one would shut the door behind her.
func (o *Office) SetRoles(ctx context.Context, by, id string, roles []hub.Role, desk string) error {
	_, err := o.Person(id)
	if err == nil {
		err = o.checkDesk(roles, desk)
	}
	if err != nil {
		return err
	}
	if id == by && !slices.Contains(roles, hub.Secretariat) {
		return hub.E(hub.Forbidden, "office.yourself")
	}
	return o.do(ctx, by, RolesSet, id, named(roles), func() error { return o.Roster.SetRoles(ctx, id, roles, desk) })
}

// RemovePasskey takes a passkey away from a person.
func (o *Office) RemovePasskey(ctx context.Context, by, id string, passkey []byte) error {
	_, err := o.Person(id)
	if err != nil {
		return err
	}
	return o.do(ctx, by, PasskeyRemoved, id, "", func() error { return o.Roster.RemovePasskey(ctx, id, passkey) })
}

// RevokeTokens ends all tokens and client certificates that a person made.
func (o *Office) RevokeTokens(ctx context.Context, by, id string) error {
	_, err := o.Person(id)
	if err != nil {
		return err
	}
	return o.do(ctx, by, TokensRevoked, id, "", func() error { return o.Roster.RevokeTokens(ctx, id) })
}

// RemovePerson takes a person off the roster, but not oneself.
func (o *Office) RemovePerson(ctx context.Context, by, id string) error {
	_, err := o.Person(id)
	if err != nil {
		return err
	}
	if id == by {
		return hub.E(hub.Forbidden, "office.yourself")
	}
	return o.do(ctx, by, Removed, id, "", func() error { return o.Roster.RemovePerson(ctx, id) })
}

// Person returns somebody who is on the roster now.
func (o *Office) Person(id string) (hub.Person, error) {
	for _, p := range o.Roster.People() {
		if p.ID == id {
			return p, nil
		}
	}
	return hub.Person{}, hub.E(hub.NotFound, "error.not-found")
}

// Pool is whether every member's case would find moderators enough.
type Pool struct {
	Moderators    int
	Organisations int // that they are of
	Short         []hub.Organisation
}

// Pool looks at the moderators of now. It draws nobody, and knows of no case.
func (o *Office) Pool() (Pool, error) {
	list, _ := o.Roster.List()
	short, err := review.Short(list.Members(), review.Drawable, o.Roster)
	if err != nil {
		return Pool{}, err
	}
	p := Pool{Short: short}
	orgs := map[string]bool{}
	for _, m := range review.Moderators(o.Roster) {
		p.Moderators++
		orgs[m.Org] = true
	}
	p.Organisations = len(orgs)
	return p, nil
}
