package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/profile"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/locale"
)

// showStates prints where the stages stand.
func showStates(e *console.Env, list []review.StageStatus) {
	for _, s := range list {
		fmt.Fprintf(e.Out, "  %s\n", e.Text("isac.show.stage", e.Text("isac.stage."+string(s.Stage)), e.Text("review.state."+s.State)))
	}
}

// showCase prints a case for its reporter: where it stands, the drafts, what is
// asked, what doesn't go out, and at the end, where the eye is, what to do.
func showCase(e *console.Env, c caseView) {
	e.Say("isac.show.case", c.Case, c.Received.Local().Format("2006-01-02 15:04"))
	showStates(e, c.statuses())
	for _, u := range c.Unsealed {
		e.Say("isac.show.unsealed", u.Time.Local().Format("2006-01-02 15:04"), e.Text("review.reason."+u.Reason))
	}
	for _, s := range c.Stages {
		showStage(e, s)
	}
	if len(c.Problems) > 0 {
		head(e, "isac.show.problems")
		for _, p := range c.Problems {
			fmt.Fprintf(e.Out, "  %s: %s\n", plain(p.Path), locale.Problem(e.Lang, p))
		}
	}
	showProse(e, c.Prose, func(key string) string { return answerOf(key, c.Answers) })
	showHints(e, c.Hints)
	showQuestions(e, c.Stages)
	showLeftOut(e, c.LeftOut)
	showNext(e, c)
}

func head(e *console.Env, key string, args ...string) {
	fmt.Fprintf(e.Out, "\n== %s\n", e.Text(key, args...))
}

// showNext tells the reporter what can be done now, each with its command.
func showNext(e *console.Env, c caseView) {
	open := slices.ContainsFunc(c.Prose, func(p anonymize.ProseFact) bool { return answerOf(p.Key, c.Answers) == "isac.prose.open" })
	var next []string
	add := func(key string, wanted bool) {
		if wanted {
			next = append(next, e.Text(key, c.Case))
		}
	}
	in := func(phases ...review.Phase) bool {
		return slices.ContainsFunc(c.Stages, func(s review.ReporterStage) bool { return slices.Contains(phases, review.Phase(s.State)) })
	}
	add("isac.next.answer", open && in(review.Asking, review.Reviewing, review.Scheduled, review.Objected))
	add("isac.next.cell", slices.ContainsFunc(c.Stages, namesCell) && in(review.Asking))
	add("isac.next.consent", in(review.Asking))
	add("isac.next.object", in(review.Asking, review.Reviewing, review.Scheduled))
	add("isac.next.correct", in(review.Returned, review.Held))
	add("isac.next.stand", slices.ContainsFunc(c.Stages, func(s review.ReporterStage) bool {
		return review.Phase(s.State) == review.Returned && (s.Reason == "unclear" || s.Reason == "thin" || s.Reason == review.Free)
	}))
	add("isac.next.withdraw", in(review.Released))
	add("isac.next.wait", in(review.Reviewing, review.Scheduled, review.Releasing, "waiting"))
	if len(next) == 0 {
		return
	}
	head(e, "isac.show.next")
	for _, line := range next {
		fmt.Fprintf(e.Out, "  %s\n", line)
	}
}

// namesCell reports whether the draft of a stage says of which members the victim is one.
func namesCell(s review.ReporterStage) bool {
	var b anonymize.Body
	return json.Unmarshal(s.Draft, &b) == nil && slices.ContainsFunc(b.Facts, func(f hub.Fact) bool { return f.Class == hub.Cell })
}

// showStage prints one stage with its draft.
func showStage(e *console.Env, s review.ReporterStage) {
	head(e, "isac.show.stage", e.Text("isac.stage."+string(s.Stage)), e.Text("review.state."+s.State))
	if s.Reason != "" {
		e.Say("isac.show.reason", e.Text("review.reason."+s.Reason))
	}
	if s.Alert != nil {
		e.Say("isac.show.alert", s.Alert.ID, fmt.Sprint(s.Alert.Number))
	}
	for _, l := range s.Looks {
		e.Say("isac.show.look", l.Time.Local().Format("2006-01-02 15:04"), e.Text("review.reason."+l.Reason))
	}
	if s.Thin {
		e.Say("isac.show.thin")
	}
	showDraft(e, s.Draft, s.Digest)
	showSuggested(e, s.Draft)
}

// showSuggested prints what a draft keeps inside, for its reporter.
func showSuggested(e *console.Env, data []byte) {
	var d anonymize.Body
	err := json.Unmarshal(data, &d)
	if err != nil || len(d.Suggested) == 0 {
		return
	}
	head(e, "isac.show.suggested")
	for _, f := range d.Suggested {
		fmt.Fprintf(e.Out, "  %s  [%s]\n", labelOfKey(e, f.Key()), plain(f.Key()))
	}
}

// showQuestions prints what no fact of the report answers.
func showQuestions(e *console.Env, stages []review.ReporterStage) {
	var lines []string
	for _, s := range stages {
		for _, id := range s.Missing {
			text, ok := analysis.Question(id, profile.HealthcareJP())
			if line := plain(text.In(e.Lang)); ok && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	head(e, "isac.show.questions")
	for _, line := range lines {
		fmt.Fprintf(e.Out, "  %s\n", line)
	}
}

// showReview prints what a moderator decides on, and how.
func showReview(e *console.Env, v review.ModeratorView) {
	head(e, "isac.show.stage", e.Text("isac.stage."+string(v.Stage)), e.Text("review.state."+v.State))
	if said := yours(e, v); said != "" {
		fmt.Fprintln(e.Out, said)
	}
	if v.Duty != "" {
		e.Say("isac.show.emergency")
	}
	if v.Reason != "" {
		e.Say("isac.show.reason", e.Text("review.reason."+v.Reason))
	}
	if v.Thin {
		e.Say("isac.show.thin")
	}
	showDraft(e, v.Draft, v.Digest)
	if len(v.Single) > 0 {
		head(e, "isac.show.single")
	}
	for _, key := range v.Single {
		fmt.Fprintf(e.Out, "  %s  [%s]\n", labelOfKey(e, key), plain(key))
	}
	if waits(v) {
		head(e, "isac.show.next")
		fmt.Fprintf(e.Out, "  %s\n", strings.ReplaceAll(e.Text("isac.next.review", v.Review), "\n", "\n  "))
	}
}

// showDraft prints the text of a draft, then every fact in it: a signature stands
// for both.
func showDraft(e *console.Env, data []byte, digest hub.Digest) {
	if len(data) == 0 {
		return
	}
	var d anonymize.Body
	err := json.Unmarshal(data, &d)
	if err != nil {
		e.Say("isac.show.unreadable")
		return
	}
	fmt.Fprintf(e.Out, "\n%s\n", strings.TrimSpace(d.Analysis.Text(e.Lang)))
	showFacts(e, d.Facts)
	if d.Clear {
		e.Say("isac.show.clear")
	}
	e.Say("isac.show.digest", digest.String())
}

// showLeftOut prints what became of the report, by class and without a value.
func showLeftOut(e *console.Env, list []anonymize.Class) {
	sums := map[anonymize.Action]int{}
	for _, c := range list {
		sums[c.Action] += c.Count
	}
	if len(sums) == 0 {
		return
	}
	head(e, "isac.show.left-out")
	for _, action := range []anonymize.Action{anonymize.Stated, anonymize.Read, anonymize.Placed, anonymize.LeftOut, anonymize.NotReleasable, anonymize.PublicService, anonymize.Lowered} {
		if sums[action] == 0 {
			continue
		}
		fmt.Fprintf(e.Out, "  %s\n", e.Text("isac.show.sum", e.Text("isac.action."+string(action)), fmt.Sprint(sums[action])))
		if action == anonymize.LeftOut || action == anonymize.NotReleasable {
			showPlaces(e, list, action)
		}
	}
}

// showPlaces prints one line an object type: which of its properties.
func showPlaces(e *console.Env, list []anonymize.Class, action anonymize.Action) {
	names := map[string][]string{}
	var types []string
	for _, c := range list {
		if c.Action != action || c.Rule == string(anonymize.Regenerate) {
			continue
		}
		if names[c.Type] == nil {
			types = append(types, c.Type)
		}
		name := lastName(c.Pointer)
		if !slices.Contains(names[c.Type], name) {
			names[c.Type] = append(names[c.Type], name)
		}
	}
	for _, t := range types {
		fmt.Fprintf(e.Out, "    %s: %s\n", plain(t), plain(strings.Join(names[t], ", ")))
	}
}

// lastName is the property that a pointer of a class ends in: "city" of
// "/objects/*/city", "indicator_types" of "/objects/*/indicator_types/*".
func lastName(pointer string) string {
	parts := strings.Split(pointer, "/")
	for len(parts) > 1 && parts[len(parts)-1] == "*" {
		parts = parts[:len(parts)-1]
	}
	return parts[len(parts)-1]
}
