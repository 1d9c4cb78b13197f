package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/locale"
)

// showStates prints where the stages stand.
func showStates(e *console.Env, list []review.StageStatus) {
	for _, s := range list {
		fmt.Fprintf(e.Out, "  %s: %s\n", e.Text("isac.stage."+string(s.Stage)), e.Text("review.state."+s.State))
	}
}

// showCase prints a case for its reporter.
func showCase(e *console.Env, c caseView) {
	fmt.Fprintf(e.Out, "%s  %s\n", c.Case, c.Received.Local().Format("2006-01-02 15:04"))
	for _, s := range c.Stages {
		showStage(e, s)
	}
	if len(c.Problems) > 0 {
		head(e, "isac.show.problems")
		for _, p := range c.Problems {
			fmt.Fprintf(e.Out, "%s: %s\n", p.Path, locale.Problem(e.Lang, p))
		}
	}
	showProse(e, c.Prose, c.Answers)
	showLeftOut(e, c.LeftOut)
}

func head(e *console.Env, key string, args ...string) {
	fmt.Fprintf(e.Out, "\n== %s\n", e.Text(key, args...))
}

// showStage prints one stage with its draft.
func showStage(e *console.Env, s review.ReporterStage) {
	head(e, "isac.show.stage", e.Text("isac.stage."+string(s.Stage)), e.Text("review.state."+s.State))
	if s.Reason != "" {
		fmt.Fprintln(e.Out, e.Text("review.reason."+s.Reason))
	}
	if s.Alert != nil {
		e.Say("isac.show.alert", s.Alert.ID, fmt.Sprint(s.Alert.Number))
	}
	showDraft(e, s.Draft, s.Digest, s.Thin)
}

// showReview prints what a moderator decides on.
func showReview(e *console.Env, v review.ModeratorView) {
	head(e, "isac.show.stage", e.Text("isac.stage."+string(v.Stage)), e.Text("review.state."+v.State))
	if v.Yours != "" && v.Yours != review.Recused {
		fmt.Fprintln(e.Out, e.Text("review.yours."+string(v.Yours)))
	}
	if v.Duty != "" {
		e.Say("isac.show.emergency")
	}
	if v.Reason != "" {
		fmt.Fprintln(e.Out, e.Text("review.reason."+v.Reason))
	}
	showDraft(e, v.Draft, v.Digest, v.Thin)
	for _, key := range v.Single {
		e.Say("isac.show.single", key)
	}
}

// showDraft prints the text of a draft, then every fact in it: a signature stands
// for both.
func showDraft(e *console.Env, data []byte, digest hub.Digest, thin bool) {
	if len(data) == 0 {
		return
	}
	var d anonymize.Body
	err := json.Unmarshal(data, &d)
	if err != nil {
		e.Say("isac.show.unreadable")
		return
	}
	e.Say("isac.show.digest", digest.String())
	if thin {
		e.Say("isac.show.thin")
	}
	fmt.Fprintf(e.Out, "\n%s\n", strings.TrimSpace(d.Analysis.Text(e.Lang)))
	showFacts(e, d.Facts)
}

func showFacts(e *console.Env, facts []hub.Fact) {
	head(e, "isac.show.facts", fmt.Sprint(len(facts)))
	for _, f := range facts {
		fmt.Fprintf(e.Out, "  %-10s  %s\n", f.Confidence, f.Key())
	}
}

// showProse prints the facts that wait for the reporter's word, each with its
// sentence.
func showProse(e *console.Env, list []anonymize.ProseFact, said anonymize.Answers) {
	if len(list) == 0 {
		return
	}
	word := map[string]string{}
	for _, k := range said.Confirmed {
		word[k] = e.Text("isac.prose.confirmed")
	}
	for _, k := range said.Rejected {
		word[k] = e.Text("isac.prose.rejected")
	}
	head(e, "isac.show.prose", fmt.Sprint(len(list)))
	for _, p := range list {
		mark := word[p.Key]
		if mark == "" && !said.AllConfirmed {
			mark = e.Text("isac.prose.open")
		}
		fmt.Fprintf(e.Out, "  %s  %s\n      %s\n", p.Key, mark, oneLine(p.Sentence))
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// showLeftOut prints what doesn't go out, by class and without a value.
func showLeftOut(e *console.Env, list []anonymize.Class) {
	sums := map[anonymize.Action]int{}
	for _, c := range list {
		sums[c.Action] += c.Count
	}
	if len(sums) == 0 {
		return
	}
	head(e, "isac.show.left-out")
	for _, action := range []anonymize.Action{anonymize.Stated, anonymize.Read, anonymize.Placed, anonymize.LeftOut, anonymize.NotReleasable} {
		if sums[action] > 0 {
			fmt.Fprintf(e.Out, "  %s: %d\n", e.Text("isac.action."+string(action)), sums[action])
		}
	}
	for _, c := range list {
		if c.Action == anonymize.LeftOut && c.Rule != string(anonymize.Regenerate) || c.Action == anonymize.NotReleasable {
			fmt.Fprintf(e.Out, "    %s %s ×%d\n", c.Type, c.Pointer, c.Count)
		}
	}
}
