package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/member"
)

// deskList lists the drafts that people are waited for, for the secretariat.
func deskList(ctx context.Context, e *console.Env) error {
	receipt := e.Flags.String("receipt", "", "")
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	query := url.Values{}
	if *receipt != "" {
		query.Set("receipt", *receipt)
	}
	var list struct{ Drafts []review.Waiting }
	var raw json.RawMessage
	err = api.Get(ctx, "/drafts", query, &raw)
	if err != nil {
		return err
	}
	err = json.Unmarshal(raw, &list)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return e.Print(raw, func() {
		for _, d := range list.Drafts {
			e.Say("isac.desk.line", d.Digest.String()[:16], e.Text("isac.stage."+string(d.Stage)), e.Text("review.state."+d.State), d.Since.Local().Format("2006-01-02 15:04"))
			if d.Overdue {
				e.Say("isac.desk.overdue")
			}
			if d.Phoned {
				e.Say("isac.desk.phoned")
			}
		}
		if len(list.Drafts) == 0 {
			e.Say("isac.desk.none")
		}
	})
}

// deskView is an opened draft as the API shows it.
type deskView struct {
	review.DeskView
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// openDraft has the hub record the reason and show the draft.
func openDraft(ctx context.Context, e *console.Env, api member.API, draft, reason string) (deskView, json.RawMessage, error) {
	var v deskView
	err := checkReason(e, reason, review.OpenReasons())
	if err != nil {
		return v, nil, err
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/drafts/"+url.PathEscape(draft)+"/open", map[string]string{"reason": reason}, &raw)
	if err != nil {
		return v, nil, err
	}
	err = json.Unmarshal(raw, &v)
	if err != nil {
		return v, nil, &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return v, raw, nil
}

// deskOpen shows a draft and whom to telephone.
func deskOpen(ctx context.Context, e *console.Env) error {
	reason := e.Flags.String("reason", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	v, raw, err := openDraft(ctx, e, api, args[0], *reason)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { showDesk(e, v) })
}

func showDesk(e *console.Env, v deskView) {
	head(e, "isac.show.stage", e.Text("isac.stage."+string(v.Stage)), e.Text("review.state."+v.State))
	if v.Member != "" {
		e.Say("isac.desk.member", v.Name, v.Member, v.Phone, strings.Join(v.Reporters, ", "))
	}
	if v.With != "" {
		e.Say("isac.desk.with", v.With)
	}
	if len(v.Open) > 0 {
		e.Say("isac.desk.moderators", strings.Join(v.Open, ", "))
	}
	if v.Alert != "" {
		e.Say("isac.desk.alert", v.Alert)
	}
	if v.Thin {
		e.Say("isac.show.thin")
	}
	showDraft(e, v.Draft, v.Digest)
}

// deskPhone is the word of one of two people of the secretariat that the reporter
// consented by telephone to exactly what was read out.
func deskPhone(ctx context.Context, e *console.Env) error {
	w := wordFlags(e)
	reason := e.Flags.String("reason", "", "")
	with := e.Flags.String("with", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	if *with == "" {
		return console.Usage("isac.desk.needs-with")
	}
	v, _, err := openDraft(ctx, e, api, args[0], *reason)
	if err != nil {
		return err
	}
	if len(v.Draft) == 0 {
		return hub.E(hub.Conflict, "review.not-now")
	}
	ok, err := w.decide(ctx, e, api, subject{
		path: "/drafts/" + v.Digest.String() + "/phone", digest: v.Digest, draft: v.Draft, purpose: review.ByTelephone,
		question: "isac.ask.phone", body: map[string]any{"with": *with}, show: func() { showDesk(e, v) },
	})
	if err != nil || !ok {
		return err
	}
	return e.Print(map[string]string{"result": "ok"}, func() { e.Say("isac.desk.signed") })
}

// reviewEmergency calls two people to decide on a flash at once; nothing is signed.
func reviewEmergency(ctx context.Context, e *console.Env) error {
	reason := e.Flags.String("reason", "", "")
	moderator := e.Flags.String("moderator", "", "")
	officer := e.Flags.String("officer", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	err = checkReason(e, *reason, review.EmergencyReasons())
	if err != nil {
		return err
	}
	if (*moderator == "") != (*officer == "") {
		return console.Usage("isac.emergency.needs")
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/drafts/"+url.PathEscape(args[0])+"/emergency", map[string]string{"reason": *reason, "moderator": *moderator, "officer": *officer}, &raw)
	if err != nil {
		return err
	}
	var two struct{ Moderator, Officer string }
	err = json.Unmarshal(raw, &two)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return e.Print(raw, func() { e.Say("isac.emergency.done", plain(two.Moderator), plain(two.Officer)) })
}

// caseStand sends returned drafts back into review as they are; nothing is signed.
func caseStand(ctx context.Context, e *console.Env) error {
	return decideCase(ctx, e, caseWord{
		verb: "stand", question: "isac.ask.stand",
		digest: func(s review.ReporterStage) hub.Digest { return s.Digest },
		fits:   func(p review.Phase) bool { return p == review.Returned },
	})
}

// caseKeep puts off the destruction of a case's content.
func caseKeep(ctx context.Context, e *console.Env) error {
	until := e.Flags.String("until", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	if *until == "" {
		return console.Usage("isac.keep.needs")
	}
	at, err := time.ParseInLocation(time.DateOnly, *until, time.Local)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.keep.bad", Err: fmt.Errorf("reading date: %w", err)}
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/cases/"+url.PathEscape(args[0])+"/keep", map[string]time.Time{"until": at}, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { e.Say("isac.keep.done", *until) })
}
