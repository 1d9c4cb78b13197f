package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/member"
)

// subject is what a person decides on. Only what the person has seen is signed:
// shown at the terminal and confirmed, or named by its digest with --draft.
type subject struct {
	path     string
	digest   hub.Digest
	draft    []byte // "" where the digest isn't one of a draft
	purpose  review.Purpose
	accept   []string // marks that the signature lets go
	question string
	body     map[string]any
	show     func()
}

// word adds the flags of a decision.
type word struct {
	key, draft, reason *string
	yes                *bool
}

func wordFlags(e *console.Env) word {
	return word{key: keyFlag(e), draft: e.Flags.String("draft", "", ""), yes: e.Flags.Bool("yes", false, "")}
}

func (w *word) reasonFlag(e *console.Env) { w.reason = e.Flags.String("reason", "", "") }

// checkReason wants one of the closed list, and tells the list.
func checkReason(e *console.Env, reason string, list []string) error {
	if list == nil || slices.Contains(list, reason) {
		return nil
	}
	var lines []string
	for _, r := range list {
		lines = append(lines, "  "+r+": "+e.Text("review.reason."+r))
	}
	return console.Usage("isac.decide.needs-reason", strings.Join(lines, "\n"))
}

// decide shows, asks, signs and posts. It returns false when the person said no.
func (w word) decide(ctx context.Context, e *console.Env, api member.API, s subject) (bool, error) {
	if s.draft != nil && hub.Sum(s.draft) != s.digest {
		return false, hub.E(hub.Conflict, "isac.decide.other-draft")
	}
	if *w.draft != "" && *w.draft != s.digest.String() {
		return false, hub.E(hub.Conflict, "review.draft-changed")
	}
	ok, err := w.ask(e, s)
	if err != nil || !ok {
		return false, err
	}
	if s.purpose != "" {
		key, err := member.ReadPersonKey(*w.key)
		if err != nil {
			return false, err
		}
		s.body["digest"], s.body["signature"] = s.digest, ed25519.Sign(key, review.SigningBytes(s.purpose, review.Accepting(s.digest, s.accept)))
	}
	if w.reason != nil && *w.reason != "" {
		s.body["reason"] = *w.reason
	}
	var raw json.RawMessage
	return true, api.Post(ctx, s.path, s.body, &raw)
}

// ask shows what it is about. Nothing is asked with --yes or with the digest given.
func (w word) ask(e *console.Env, s subject) (bool, error) {
	if *w.yes || *w.draft != "" {
		return true, nil
	}
	if console.Terminal(e.In) {
		s.show()
	}
	ok, err := e.Confirm(s.question)
	if err == nil && !ok {
		e.Say("isac.decide.nothing")
	}
	return ok, err
}

// caseWord is one of the things that a reporter's person says of stages of a case.
type caseWord struct {
	verb     string
	purpose  review.Purpose // "" needs no signature
	question string
	reasons  []string
	digest   func(review.ReporterStage) hub.Digest
	fits     func(review.Phase) bool
}

// decideCase says it of every stage that it fits, each shown and asked for alone;
// --stage and --draft choose one.
func decideCase(ctx context.Context, e *console.Env, d caseWord) error {
	w := wordFlags(e)
	stage := e.Flags.String("stage", "", "")
	if d.reasons != nil {
		w.reasonFlag(e)
	}
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	if d.reasons != nil {
		err := checkReason(e, *w.reason, d.reasons)
		if err != nil {
			return err
		}
	}
	var c caseView
	_, err = fetch(ctx, api, "/cases/"+args[0], &c)
	if err != nil {
		return err
	}
	var done []hub.Stage
	found := false
	for _, s := range c.Stages {
		if *stage != "" && *stage != string(s.Stage) || !d.fits(review.Phase(s.State)) || *w.draft != "" && *w.draft != d.digest(s).String() {
			continue
		}
		found = true
		ok, err := w.decide(ctx, e, api, d.subject(e, args[0], s))
		if err != nil {
			return err
		}
		if ok {
			done = append(done, s.Stage)
		}
	}
	if !found {
		return hub.E(hub.Conflict, "isac.decide.no-stage")
	}
	return tellDone(e, d.verb, done)
}

func (d caseWord) subject(e *console.Env, id string, s review.ReporterStage) subject {
	out := subject{
		path: "/cases/" + id + "/" + d.verb, digest: d.digest(s), purpose: d.purpose, question: d.question,
		body: map[string]any{"stage": s.Stage}, show: func() { showStage(e, s) },
	}
	if s.Digest == out.digest && len(s.Draft) > 0 {
		out.draft = s.Draft
	}
	return out
}

// tellDone says for which stages it was done.
func tellDone(e *console.Env, verb string, done []hub.Stage) error {
	if len(done) == 0 {
		return nil
	}
	return e.Print(map[string]any{"result": "ok", "stages": done}, func() {
		for _, s := range done {
			e.Say("isac.decide.done", e.Text("isac.stage."+string(s)), e.Text("isac.did."+verb))
		}
	})
}
