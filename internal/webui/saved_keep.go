package webui

import (
	"strings"

	"isac/hub/find"
	"isac/internal/notebook"
)

// savedLine is a search that a person keeps, as people read it.
type savedLine struct {
	ID, Label string
	Fresh     bool // something was released since it was last opened
}

// saved are the searches that who is signed in keeps.
func (v *visit) saved() ([]savedLine, error) {
	newest, err := v.reads.Public.Newest(v.r.Context())
	if err != nil {
		return nil, err
	}
	list, err := v.ui.Book.Look(v.r.Context(), v.me.ID, newest, func(q find.Question) (uint64, error) { return v.reads.Finder.Newest(v.r.Context(), q) })
	if err != nil {
		return nil, err
	}
	var out []savedLine
	for _, s := range list {
		out = append(out, savedLine{s.ID, v.asWords(s), s.Fresh})
	}
	return out, nil
}

// asWords is what a search asks.
func (v *visit) asWords(s notebook.Saved) string {
	var parts []string
	if s.Text != "" {
		parts = append(parts, s.Text)
	}
	for _, n := range s.Only {
		parts = append(parts, v.only(n).Label)
	}
	return strings.Join(parts, " + ")
}

// savedKeep keeps the search of a result.
func (u *UI) savedKeep(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	q, ok := u.asked.recall(v.me.ID, v.field("asked"), u.Now())
	if !ok {
		v.to("/search")
		return nil
	}
	newest, err := v.reads.Public.Newest(v.r.Context())
	if err != nil {
		return err
	}
	err = u.Book.Save(v.r.Context(), v.me.ID, q, newest)
	if err != nil {
		return err
	}
	v.to("/search#saved")
	return nil
}

// savedOpen asks a kept search again.
func (u *UI) savedOpen(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	newest, err := v.reads.Public.Newest(v.r.Context())
	if err != nil {
		return err
	}
	q, err := u.Book.Open(v.r.Context(), v.me.ID, v.field("id"), newest)
	if err != nil {
		return err
	}
	v.to("/search/" + u.asked.keep(v.me.ID, q, u.Now()))
	return nil
}

// savedDrop forgets a kept search.
func (u *UI) savedDrop(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	err = u.Book.Drop(v.r.Context(), v.me.ID, v.field("id"))
	if err != nil {
		return err
	}
	v.to("/search#saved")
	return nil
}
