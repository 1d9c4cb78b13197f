package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/admin"
	"isac/internal/console"
)

func dataFlag(e *console.Env) *string {
	return e.Flags.String("data", "isac-data", "")
}

// ask carries out an operation on the running hub, or on the folder itself.
func ask(ctx context.Context, dir string, q admin.Request) (admin.Reply, error) {
	return askWith(ctx, settings{Data: dir}, q)
}

// askWith is ask where more of the settings counts than the folder.
func askWith(ctx context.Context, s settings, q admin.Request) (admin.Reply, error) {
	reply, err := admin.Ask(ctx, s.Data, q)
	if !errors.Is(err, admin.ErrNoHub) {
		return reply, err
	}
	n, err := openNode(ctx, s, false)
	if err != nil {
		return admin.Reply{}, err
	}
	reply, err = admin.Do(ctx, n, q)
	return reply, errors.Join(err, n.Close())
}

// memberImport replaces the sector list by a CSV file.
func memberImport(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[0], maxDocument)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "import", CSV: data})
	if err != nil {
		return err
	}
	return e.Print(reply, func() {
		e.Say("isacd.imported", fmt.Sprint(reply.Organisations), fmt.Sprint(len(reply.Members)))
	})
}

// memberList lists the members.
func memberList(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "list"})
	if err != nil {
		return err
	}
	return e.Print(reply, func() {
		if len(reply.Members) == 0 {
			e.Say("isacd.no-members")
		}
		for _, m := range reply.Members {
			fmt.Fprintf(e.Out, "%s\t%d\t%s\n", m.ID, m.Keys, m.Name)
		}
	})
}

// memberCredentials issues a credentials file for a member: to --out, which must
// not exist yet, or standard output.
func memberCredentials(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	out := e.Flags.String("out", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	reply, err := admin.Ask(ctx, *dir, admin.Request{Op: "credentials", ID: args[0]})
	if errors.Is(err, admin.ErrNoHub) {
		return hub.E(hub.Unavailable, "isacd.needs-hub") // the file names the running hub's address
	}
	if err != nil {
		return err
	}
	if *out != "" {
		err := newSecretFile(*out, reply.Credentials)
		if err != nil {
			return err
		}
		return e.Print(map[string]string{"file": *out}, func() { e.Say("isacd.issued", *out) })
	}
	return e.Print(map[string]string{"credentials": string(reply.Credentials)}, func() { fmt.Fprint(e.Out, string(reply.Credentials)) })
}

func newSecretFile(file string, data []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isacd.file-exists", Err: fmt.Errorf("writing file: %w", err)}
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// memberRevoke shuts out every machine credential of a member, at once.
func memberRevoke(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "revoke", ID: args[0]})
	if err != nil {
		return err
	}
	return e.Print(reply, func() { e.Say("isacd.revoked", fmt.Sprint(reply.Count)) })
}

// memberCard prints a card of one-time codes for a member's first report; older cards
// of the member end.
func memberCard(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	codes := e.Flags.Int("codes", 10, "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	reply, err := admin.Ask(ctx, *dir, admin.Request{Op: "card", ID: args[0], Count: *codes})
	if errors.Is(err, admin.ErrNoHub) {
		return hub.E(hub.Unavailable, "isacd.needs-hub") // the card names the running hub's address
	}
	if err != nil {
		return err
	}
	card := reply.Card
	return e.Print(card, func() {
		e.Say("isacd.card", card.Page, card.Expires.Format(time.DateOnly))
		for _, code := range card.Codes {
			fmt.Fprintf(e.Out, "  [ ]  %s\n", code)
		}
		e.Say("isacd.card-use")
		if card.Telephone != "" {
			e.Say("isacd.card-telephone", card.Telephone)
		}
	})
}

// memberUncard ends every card of a member at once.
func memberUncard(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "uncard", ID: args[0]})
	if err != nil {
		return err
	}
	return e.Print(reply, func() { e.Say("isacd.uncarded", fmt.Sprint(reply.Count)) })
}

// personAdd puts a person of an organisation ("hub" for the secretariat) on the
// roster and prints the access token, once.
func personAdd(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	roles := e.Flags.String("roles", "reporter", "")
	key := e.Flags.String("key", "", "")
	desk := e.Flags.String("desk", "", "")
	edition := e.Flags.String("edition", "", "")
	name := e.Flags.String("name", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	pub, err := base64.StdEncoding.DecodeString(*key)
	if err != nil || len(pub) != 32 && *key != "" {
		return console.Usage("isacd.bad-public-key")
	}
	q := admin.Request{Op: "person", ID: args[0], Key: pub, Desk: *desk}
	for _, r := range strings.Split(*roles, ",") {
		q.Roles = append(q.Roles, hub.Role(strings.TrimSpace(r)))
	}
	if slices.Contains(q.Roles, hub.RelayPartner) {
		q.Partner = &hub.Partner{Name: strings.TrimSpace(*name), Edition: hub.TLP(*edition)}
		if q.Partner.Name == "" || q.Partner.Edition != hub.TLPClear && q.Partner.Edition != hub.TLPGreen {
			return console.Usage("member.partner")
		}
	}
	reply, err := ask(ctx, *dir, q)
	if err != nil {
		return err
	}
	return e.Print(reply, func() {
		e.Say("isacd.person-added", reply.Person, reply.Token)
		if reply.API != "" {
			e.Say("isacd.person-api", reply.API)
		}
	})
}

// personInvite prints the address at which a person makes the first passkey.
func personInvite(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "invite", ID: args[0]})
	if err != nil {
		return err
	}
	return e.Print(reply, func() { e.Say("isacd.person-invited", reply.Invitation) })
}

// personRemove takes a person off the roster; the token ends at once.
func personRemove(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	_, err = ask(ctx, *dir, admin.Request{Op: "gone", ID: args[0]})
	if err != nil {
		return err
	}
	return e.Print(done, func() { e.Say("isacd.person-removed") })
}

// done is what --json prints of a command that gives nothing back.
var done = map[string]string{"result": "ok"}

// termsSet takes the joining terms that a member's person signed with isac terms.
func termsSet(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[0], 1<<16)
	if err != nil {
		return err
	}
	var t review.Terms
	err = json.Unmarshal(data, &t)
	if err != nil {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	_, err = ask(ctx, *dir, admin.Request{Op: "terms", Terms: &t})
	if err != nil {
		return err
	}
	return e.Print(done, func() { e.Say("isacd.terms-taken", t.Member, t.Mode) })
}
