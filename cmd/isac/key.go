package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"

	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/member"
)

func keyFlag(e *console.Env) *string {
	return e.Flags.String("key", envOr("ISAC_KEY", "isac-person.key"), "")
}

// keyNew makes a person's key.
func keyNew(_ context.Context, e *console.Env) error {
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	pub, err := member.NewPersonKey(args[0])
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"public": pub}, func() { e.Say("isac.key.done", args[0], pub) })
}

// terms signs the joining terms of a member and prints them for the secretariat.
func terms(_ context.Context, e *console.Env) error {
	t := review.Terms{Signed: time.Now().UTC().Truncate(time.Millisecond)}
	e.Flags.StringVar(&t.Member, "member", "", "")
	e.Flags.StringVar(&t.Mode, "mode", "", "")
	e.Flags.StringVar(&t.Person, "person", "", "")
	e.Flags.StringVar(&t.Version, "terms-version", "1", "")
	key := keyFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	if t.Member == "" || t.Person == "" || t.Mode != string(review.Standing) && t.Mode != string(review.Ask) {
		return console.Usage("isac.terms.needs")
	}
	private, err := member.ReadPersonKey(*key)
	if err != nil {
		return err
	}
	t.Signature = ed25519.Sign(private, t.SigningBytes())
	data, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return fmt.Errorf("writing terms: %w", err)
	}
	_, err = fmt.Fprintln(e.Out, string(data))
	return err
}
