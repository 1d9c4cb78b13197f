package main

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"isac/hub/feedback"
	"isac/hub/find"
	"isac/internal/console"
)

// alertID is the form of an alert's id.
var alertID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// answerFeedback tells the hub what became of an alert or an indicator here, blind.
func answerFeedback(ctx context.Context, e *console.Env) error {
	said := map[feedback.Answer]*bool{}
	for _, a := range feedback.Verdicts() {
		said[a] = e.Flags.Bool(string(a), false, "")
	}
	c := connectionFlags(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	q := feedback.Request{Value: find.Refanged(strings.TrimSpace(args[0]))}
	if alertID.MatchString(q.Value) {
		q.Alert, q.Value = q.Value, ""
	}
	for a, is := range said {
		if *is && q.Answer != "" {
			return console.Usage("isac.feedback.one-answer")
		}
		if *is {
			q.Answer = a
		}
	}
	if q.Answer == "" {
		return console.Usage("isac.feedback.one-answer")
	}
	conn, err := c.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	err = conn.Feedback(ctx, q)
	if err != nil {
		return err
	}
	return e.Print(map[string]bool{"taken": true}, func() { e.Say("isac.feedback.taken") })
}

// tellings prints what is told of members' answers, verified: for tools that keep
// indicators from alerts, once a day.
func tellings(ctx context.Context, e *console.Env) error {
	c := connectionFlags(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	conn, err := c.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	t, err := conn.Told(ctx)
	if err != nil {
		return err
	}
	return e.Print(t, func() {
		e.Say("isac.told.head", t.At.Format("2006-01-02 15:04 MST"), fmt.Sprint(len(t.Counts)))
		for _, n := range t.Counts {
			fmt.Fprintf(e.Out, "%s\n    %s\n", n.Topic, told(e, toldView{n.Answer, n.AtLeast}))
		}
	})
}

// pulseView is what an alert asks, and what is told of the answers.
type pulseView struct {
	Told      []toldView
	Questions []struct {
		Question feedback.Question
		Answers  []feedback.Answer
		Told     []toldView
	}
}

type toldView struct {
	Answer  feedback.Answer
	AtLeast int `json:"at_least"`
}

// pulse answers an alert's questions, or shows them.
func pulse(ctx context.Context, e *console.Env) error {
	questions := []feedback.Question{feedback.Exposed, feedback.BackupOffline, feedback.RestoreTested}
	given := map[feedback.Question]*string{}
	for _, q := range questions {
		given[q] = e.Flags.String(string(q), "", "")
	}
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	path, sent := "/alerts/"+args[0]+"/feedback", 0
	for _, q := range questions {
		if *given[q] == "" {
			continue
		}
		err := api.Post(ctx, path, map[string]string{"question": string(q), "answer": *given[q]}, new(json.RawMessage))
		if err != nil {
			return err
		}
		sent++
	}
	if sent > 0 {
		return e.Print(map[string]int{"taken": sent}, func() { e.Say("isac.feedback.taken") })
	}
	var v pulseView
	raw, err := fetch(ctx, api, path, &v)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { showPulse(e, v) })
}

func showPulse(e *console.Env, v pulseView) {
	showTold(e, v.Told)
	for _, q := range v.Questions {
		var answers []string
		for _, a := range q.Answers {
			answers = append(answers, fmt.Sprintf("%s (%s)", a, e.Text("feedback.answer."+string(a))))
		}
		fmt.Fprintf(e.Out, "--%s  %s\n    %s\n", q.Question, e.Text("feedback.question."+string(q.Question)), strings.Join(answers, ", "))
		showTold(e, q.Told)
	}
	if len(v.Questions) == 0 {
		e.Say("isac.pulse.none")
	}
}

func showTold(e *console.Env, list []toldView) {
	for _, t := range list {
		fmt.Fprintf(e.Out, "    %s\n", told(e, t))
	}
}

func told(e *console.Env, t toldView) string {
	return e.Text("feedback.told", e.Text("feedback.answer."+string(t.Answer)), fmt.Sprint(t.AtLeast))
}
