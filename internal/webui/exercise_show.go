package webui

import (
	"time"

	"isac/hub"
)

// Exercise is what a hub plays on which nothing is real.
type Exercise struct {
	Title, About hub.Text
	Injects      func() []Inject // those whose time has come, the first one first
}

// Inject is what happens in an exercise at a time, and who learns of it.
type Inject struct {
	At   time.Duration // since the beginning, in the time of the scenario
	To   hub.Role      // "" for everybody
	Text hub.Text
}

// exercisePage is what has happened so far, as far as the visitor knows it.
type exercisePage struct {
	Frame
	Title, About string
	Injects      []injectLine
}

func (exercisePage) template() string { return "exercise" }

type injectLine struct {
	Minutes int
	To      hub.Role
	Text    string
}

func (u *UI) exerciseShow(v *visit) error {
	p := exercisePage{Frame: v.frame(), Title: u.Exercise.Title.In(v.lang), About: u.Exercise.About.In(v.lang)}
	for _, i := range u.Exercise.Injects() {
		if i.To == "" || v.me.Has(i.To) {
			p.Injects = append(p.Injects, injectLine{int(i.At.Minutes()), i.To, i.Text.In(v.lang)})
		}
	}
	return v.show(p)
}
