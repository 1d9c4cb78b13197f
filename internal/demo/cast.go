package demo

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/admin"
	"isac/internal/conveyor"
	"isac/internal/member"
	"isac/internal/node"
)

// player is a person with a key and a token, acting through the JSON API.
type player struct {
	hub.Person
	api     member.API
	key     ed25519.PrivateKey
	keyFile string
}

// cast is everyone who plays: people, and a watching client for every member.
type cast struct {
	dir        string
	victims    []hub.Organisation
	reporters  map[string]*player // by organisation
	moderators []*player
	analyst    *player
	office     *player // the secretariat
	creds      []string
	conns      []*member.Conn
	received   atomic.Int64 // alerts verified by members' clients
	stop       context.CancelFunc
	watching   sync.WaitGroup
}

const victimCount = 13

// assemble puts people on the roster and connects a client for every member.
func assemble(ctx context.Context, n *node.Node, dir string) (*cast, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("making folder: %w", err)
	}
	list, _ := n.Roster.List()
	members := list.Members()
	if len(members) < victimCount+4 {
		return nil, hub.E(hub.Invalid, "demo.too-few-members", fmt.Sprint(victimCount+4))
	}
	c := &cast{dir: dir, victims: members[:victimCount], reporters: map[string]*player{}}
	for _, o := range c.victims {
		c.reporters[o.ID], err = c.person(ctx, n, "reporter-"+o.ID, o.ID, hub.Reporter, hub.Reader)
		if err != nil {
			return nil, err
		}
	}
	for i, o := range apart(members[victimCount:], c.victims, 4) {
		p, err := c.person(ctx, n, fmt.Sprintf("moderator-%d", i+1), o.ID, hub.Moderator, hub.Reader)
		if err != nil {
			return nil, err
		}
		c.moderators = append(c.moderators, p)
	}
	c.analyst, err = c.person(ctx, n, "analyst", members[len(members)-1].ID, hub.Analyst, hub.Reader)
	if err != nil {
		return nil, err
	}
	c.office, err = c.person(ctx, n, "secretariat", "hub", hub.Secretariat)
	if err != nil {
		return nil, err
	}
	return c, c.connect(ctx, n, members)
}

// apart picks organisations with different operators, vendors and municipalities
// from each other and, as far as there are such, from the victims.
func apart(from, victims []hub.Organisation, want int) []hub.Organisation {
	var out []hub.Organisation
	taken := map[string]bool{}
	for _, v := range victims {
		taken["operator "+v.Operator] = true
	}
	for _, o := range from {
		if len(out) == want {
			break
		}
		keys := []string{"operator " + o.Operator, "place " + o.Municipality}
		if taken[keys[0]] || taken[keys[1]] {
			continue
		}
		for _, k := range keys {
			taken[k] = true
		}
		out = append(out, o)
	}
	return out
}

// person makes a key, puts the person on the roster and keeps the token.
func (c *cast) person(ctx context.Context, n *node.Node, name, org string, roles ...hub.Role) (*player, error) {
	p := &player{keyFile: filepath.Join(c.dir, name+".key")}
	err := os.Remove(p.keyFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("making key: %w", err)
	}
	pub, err := member.NewPersonKey(p.keyFile)
	if err != nil {
		return nil, err
	}
	p.key, err = member.ReadPersonKey(p.keyFile)
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(pub)
	if err != nil {
		return nil, fmt.Errorf("making key: %w", err)
	}
	who, token, err := n.Roster.AddPerson(ctx, org, roles, raw)
	if err != nil {
		return nil, err
	}
	p.Person, p.api = who, member.API{URL: n.BaseURL, Token: token, Lang: "en"}
	return p, nil
}

// connect starts a client for every member that verifies each alert it gets.
func (c *cast) connect(ctx context.Context, n *node.Node, members []hub.Organisation) error {
	watch, stop := context.WithCancel(ctx)
	c.stop = stop
	for _, o := range members {
		reply, err := admin.Do(ctx, n, admin.Request{Op: "credentials", ID: o.ID})
		if err != nil {
			return err
		}
		file := filepath.Join(c.dir, o.ID+".creds")
		err = os.WriteFile(file, reply.Credentials, 0o600)
		if err != nil {
			return fmt.Errorf("writing credentials: %w", err)
		}
		creds, err := member.Read(file)
		if err != nil {
			return err
		}
		conn, err := creds.Dial("")
		if err != nil {
			return err
		}
		c.creds, c.conns = append(c.creds, file), append(c.conns, conn)
		c.watching.Go(func() {
			w := member.Watcher{Conn: conn, Each: func(deliver.Entry, deliver.Chain) error { c.received.Add(1); return nil }}
			_ = w.Run(watch) // ends with the demo
		})
	}
	return nil
}

func (c *cast) close() {
	c.stop()
	c.watching.Wait()
	for _, conn := range c.conns {
		conn.Close()
	}
}

// sign signs a draft's digest for a purpose, with the person's own key.
func (p *player) sign(purpose review.Purpose, digest hub.Digest) []byte {
	return ed25519.Sign(p.key, review.SigningBytes(purpose, digest))
}

// cases asks for the person's cases.
func (p *player) cases(ctx context.Context) ([]conveyor.CaseView, error) {
	var out struct{ Cases []conveyor.CaseView }
	err := p.api.Get(ctx, "/cases", nil, &out)
	return out.Cases, err
}

// writeCredentials writes what a visitor needs, at once and for its owner only.
func (c *cast) writeCredentials(ctx context.Context, n *node.Node, file string) error {
	if file == "" {
		return nil
	}
	out := map[string]any{
		"url": n.BaseURL, "taxii_url": n.BaseURL + "/taxii2/", "nats_url": n.Bus.URL(), "member_creds": c.creds,
		"analyst_token": c.analyst.api.Token, "secretariat_token": c.office.api.Token,
		"reporter_token": c.reporters[c.victims[0].ID].api.Token, "reporter_key": c.reporters[c.victims[0].ID].keyFile,
	}
	var tokens, keys []string
	for _, m := range c.moderators {
		tokens, keys = append(tokens, m.api.Token), append(keys, m.keyFile)
	}
	out["moderator_tokens"], out["moderator_keys"] = tokens, keys
	invitations, err := c.invitations(ctx, n)
	if err != nil {
		return err
	}
	out["invitations"] = invitations
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("writing credentials file: %w", err)
	}
	err = os.WriteFile(file+".new", append(data, '\n'), 0o600)
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		return fmt.Errorf("writing credentials file: %w", err)
	}
	return nil
}

// invitations are addresses of web pages on which each of the people makes a passkey,
// once. Moderators are numbered from 1.
func (c *cast) invitations(ctx context.Context, n *node.Node) (map[string]string, error) {
	people := map[string]hub.Person{"analyst": c.analyst.Person, "secretariat": c.office.Person, "reporter": c.reporters[c.victims[0].ID].Person}
	for i, m := range c.moderators {
		people[fmt.Sprint("moderator_", i+1)] = m.Person
	}
	out := map[string]string{}
	for who, p := range people {
		code, err := n.Roster.Invite(ctx, p.ID, n.Now())
		if err != nil {
			return nil, err
		}
		out[who] = n.PagesURL() + "/invite/" + code
	}
	return out, nil
}
