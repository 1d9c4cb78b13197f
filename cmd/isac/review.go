package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/console"
)

// reviewList lists what the person was drawn for.
func reviewList(ctx context.Context, e *console.Env) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var list struct{ Reviews []review.ModeratorView }
	raw, err := fetch(ctx, api, "/reviews", &list)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		slices.SortStableFunc(list.Reviews, func(a, b review.ModeratorView) int { return rankOf(a) - rankOf(b) })
		for _, v := range list.Reviews {
			fmt.Fprintln(e.Out, e.Text("isac.review.line", v.Review, e.Text("isac.stage."+string(v.Stage)), e.Text("review.state."+v.State), yours(e, v)))
		}
		if len(list.Reviews) == 0 {
			e.Say("isac.review.none")
		}
	})
}

// rankOf puts what waits for the person first.
func rankOf(v review.ModeratorView) int {
	if waits(v) {
		return 0
	}
	return 1
}

// waits reports whether the person's word is asked for.
func waits(v review.ModeratorView) bool { return v.Yours == review.Open && !v.Digest.IsZero() }

// yours is what the person did; where somebody else's word ended it, nothing.
func yours(e *console.Env, v review.ModeratorView) string {
	if v.Yours == review.Open && !waits(v) {
		return ""
	}
	return e.Text("review.yours." + string(v.Yours))
}

// reviewShow shows one review with its draft.
func reviewShow(ctx context.Context, e *console.Env) error {
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	var v review.ModeratorView
	raw, err := fetch(ctx, api, "/reviews/"+args[0], &v)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { showReview(e, v) })
}

// reviewApprove signs a yes to exactly the draft that was shown.
func reviewApprove(ctx context.Context, e *console.Env) error {
	w := wordFlags(e)
	thin := e.Flags.Bool("accept-thin", false, "")
	accept := e.Flags.String("accept", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	var v review.ModeratorView
	_, err = fetch(ctx, api, "/reviews/"+args[0], &v)
	if err != nil {
		return err
	}
	if v.Digest.IsZero() {
		return hub.E(hub.Conflict, "review.not-now")
	}
	s := subject{
		path: "/reviews/" + args[0] + "/approve", digest: v.Digest, draft: v.Draft, purpose: purposeOf(v), question: "isac.ask.approve",
		accept: accepted(v, *accept), show: func() { showReview(e, v) },
	}
	s.body = map[string]any{"accept_thin": v.Thin, "accept": s.accept}
	if v.Thin && !*thin {
		return hub.E(hub.Conflict, "isac.review.thin")
	}
	ok, err := w.decide(ctx, e, api, s)
	if err != nil || !ok {
		return err
	}
	return tellDone(e, "approve", []hub.Stage{v.Stage})
}

// purposeOf is what the signature is for; the hub isn't asked, lest it get another.
func purposeOf(v review.ModeratorView) review.Purpose {
	purposes := map[bool][2]review.Purpose{
		false: {review.ToApprove, review.ToApproveThin},
		true:  {review.ToEmergency, review.ToEmergencyThin},
	}[v.Duty != ""]
	if v.Thin {
		return purposes[1]
	}
	return purposes[0]
}

func accepted(v review.ModeratorView, accept string) []string {
	if accept == "all" {
		return v.Single
	}
	return keys(accept)
}

// reviewReturn sends a draft back with a closed reason; nothing is signed.
func reviewReturn(ctx context.Context, e *console.Env) error {
	leaveOut := e.Flags.String("leave-out", "", "")
	return say(ctx, e, "return", review.ReturnReasons(), func() map[string]any { return map[string]any{"leave_out": keys(*leaveOut)} })
}

// reviewDecline says no with a closed reason; nothing is signed.
func reviewDecline(ctx context.Context, e *console.Env) error {
	return say(ctx, e, "decline", review.DeclineReasons(), nil)
}

// reviewLeave steps aside; nothing is signed.
func reviewLeave(ctx context.Context, e *console.Env) error {
	return say(ctx, e, "leave", []string{"conflict", "no-time"}, nil)
}

func say(ctx context.Context, e *console.Env, verb string, reasons []string, more func() map[string]any) error {
	reason := e.Flags.String("reason", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	err = checkReason(e, *reason, reasons)
	if err != nil {
		return err
	}
	body := map[string]any{}
	if more != nil {
		body = more()
	}
	body["reason"] = *reason
	var raw json.RawMessage
	err = api.Post(ctx, "/reviews/"+args[0]+"/"+verb, body, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { e.Say("isac.review.said", e.Text("isac.did."+verb)) })
}

// reviewRecall asks for the recall of an alert, or confirms another's request.
func reviewRecall(ctx context.Context, e *console.Env) error {
	return takeBack(ctx, e, "recall", review.ToRecall, review.RecallReasons())
}

// reviewWithdraw asks for the withdrawal of an alert, or confirms another's request.
func reviewWithdraw(ctx context.Context, e *console.Env) error {
	return takeBack(ctx, e, "withdraw", review.ToWithdraw, review.WithdrawReasons())
}

func takeBack(ctx context.Context, e *console.Env, verb string, purpose review.Purpose, reasons []string) error {
	w := wordFlags(e)
	w.reasonFlag(e)
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	err = checkReason(e, *w.reason, reasons)
	if err != nil {
		return err
	}
	var a struct {
		hub.Alert
		Title hub.Text
	}
	id := url.PathEscape(args[0])
	_, err = fetch(ctx, api, "/alerts/"+id, &a)
	if err != nil {
		return err
	}
	show := func() {
		fmt.Fprintln(e.Out, headOf(e, a.Alert))
		fmt.Fprintln(e.Out, a.Title.In(e.Lang))
	}
	ok, err := w.decide(ctx, e, api, subject{
		path: "/alerts/" + id + "/" + verb, digest: a.Digest, purpose: purpose, question: "isac.ask." + verb,
		body: map[string]any{}, show: show,
	})
	if err != nil || !ok {
		return err
	}
	return e.Print(map[string]string{"result": "ok"}, func() { e.Say("isac." + verb + ".done") })
}
