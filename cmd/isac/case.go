package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/member"
)

// caseView is a case as the API shows it to its reporter's person.
type caseView struct {
	Case string `json:"case"`
	review.ReporterView
	Prose   []anonymize.ProseFact `json:"prose"`
	Hints   []anonymize.ProseFact `json:"hints"`
	Answers anonymize.Answers     `json:"answers"`
	LeftOut []anonymize.Class     `json:"left_out"`
}

// fetch asks for path, reads the answer into v, and returns it as it came too.
func fetch(ctx context.Context, api member.API, path string, v any) (json.RawMessage, error) {
	var raw json.RawMessage
	err := api.Get(ctx, path, nil, &raw)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(raw, v)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return raw, nil
}

// caseList lists the cases of the person's own organisation.
func caseList(ctx context.Context, e *console.Env) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var list struct{ Cases []caseView }
	raw, err := fetch(ctx, api, "/cases", &list)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		for _, c := range list.Cases {
			e.Say("isac.show.case", c.Case, c.Received.Local().Format("2006-01-02 15:04"))
			showStates(e, c.statuses())
		}
		if len(list.Cases) == 0 {
			e.Say("isac.case.none")
		}
	})
}

func (c caseView) statuses() []review.StageStatus {
	var out []review.StageStatus
	for _, s := range c.Stages {
		out = append(out, s.StageStatus)
	}
	return out
}

// caseShow shows drafts, the facts read from prose, and what is left out by class.
func caseShow(ctx context.Context, e *console.Env) error {
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	var c caseView
	raw, err := fetch(ctx, api, "/cases/"+args[0], &c)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { showCase(e, c) })
}

// caseAnswer confirms or rejects facts that were read from the report's prose.
func caseAnswer(ctx context.Context, e *console.Env) error {
	confirm := e.Flags.String("confirm", "", "")
	reject := e.Flags.String("reject", "", "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	if *confirm == "" && *reject == "" {
		return console.Usage("isac.answer.needs")
	}
	path := "/cases/" + args[0]
	var c caseView
	_, err = fetch(ctx, api, path, &c)
	if err != nil {
		return err
	}
	body, err := answers(c, *confirm, *reject)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Post(ctx, path+"/answers", body, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		e.Say("isac.answer.done", args[0])
		if json.Unmarshal(raw, &c) == nil {
			showStates(e, c.statuses())
		}
	})
}

// answers adds to what was answered before; a later word on a fact counts.
func answers(c caseView, confirm, reject string) (map[string][]string, error) {
	yes, no := keys(confirm), keys(reject)
	known := map[string]bool{}
	all := slices.Contains(yes, "all")
	for _, p := range c.Prose {
		known[p.Key] = true
		if all {
			yes = append(yes, p.Key)
		}
	}
	for _, p := range c.Hints { // one by one only
		known[p.Key] = true
	}
	word := map[string]bool{}
	for _, k := range c.Answers.Confirmed {
		word[k] = true
	}
	for _, k := range c.Answers.Rejected {
		word[k], known[k] = false, true // may be taken back
	}
	for _, k := range yes {
		if k != "all" && !known[k] {
			return nil, console.Usage("isac.answer.unknown", k)
		}
		word[k] = true
	}
	for _, k := range no {
		word[k] = false
	}
	delete(word, "all")
	out := map[string][]string{"confirmed": {}, "rejected": {}}
	for k, ok := range word {
		list := map[bool]string{true: "confirmed", false: "rejected"}[ok]
		out[list] = append(out[list], k)
	}
	return out, nil
}

// keys splits a list of fact keys. A key may hold commas inside a value, so a part
// without a colon belongs to the key before it.
func keys(list string) []string {
	var out []string
	for _, part := range strings.Split(list, ",") {
		if n := len(out); n > 0 && !strings.Contains(part, ":") {
			out[n-1] += "," + part
			continue
		}
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

// caseConsent is the reporter's yes to the drafts that wait for it.
func caseConsent(ctx context.Context, e *console.Env) error {
	return decideCase(ctx, e, caseWord{
		verb: "consent", purpose: review.ToConsent, question: "isac.ask.consent",
		digest: func(s review.ReporterStage) hub.Digest { return s.Digest },
		fits:   func(p review.Phase) bool { return p == review.Asking },
	})
}

// caseWithdraw takes a case back: before the release it ends, after it members get
// a revoked version.
func caseWithdraw(ctx context.Context, e *console.Env) error {
	return decideCase(ctx, e, caseWord{
		verb: "withdraw", purpose: review.ToWithdraw, question: "isac.ask.withdraw", reasons: review.WithdrawReasons(),
		digest: func(s review.ReporterStage) hub.Digest { return s.Back },
		fits: func(p review.Phase) bool {
			switch p {
			case review.Withdrawing, review.Withdrawn, review.Recalling, review.Recalled, review.Closed, review.Cancelled:
				return false
			}
			return true
		},
	})
}

// caseObject is the reporter's no to drafts. It needs no signature.
func caseObject(ctx context.Context, e *console.Env) error {
	return decideCase(ctx, e, caseWord{
		verb: "object", question: "isac.ask.object",
		digest: func(s review.ReporterStage) hub.Digest { return s.Digest },
		fits: func(p review.Phase) bool {
			return p == review.Asking || p == review.Reviewing || p == review.Scheduled
		},
	})
}

// caseClear says whether everybody may read the flash in an edition of its own.
func caseClear(ctx context.Context, e *console.Env) error {
	api, args, err := open(e, accessFlags(e), 2)
	if err != nil {
		return err
	}
	if args[1] != anonymize.ClearYes && args[1] != anonymize.ClearNo {
		return console.Usage("isac.case-clear.bad-word")
	}
	path := "/cases/" + args[0]
	var c caseView
	_, err = fetch(ctx, api, path, &c)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Post(ctx, path+"/answers", map[string]any{"confirmed": c.Answers.Confirmed, "rejected": c.Answers.Rejected, "clear": args[1]}, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { e.Say("isac.case-clear.done", args[0]) })
}
