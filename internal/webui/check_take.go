package webui

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/find"
	"isac/internal/store"
)

// listPage tells which values of a list are released indicators.
type listPage struct {
	Frame
	Done    bool
	Checked int // values of the list
	Found   []indicator
	All     []string // values that were found, for saving them
	More    bool     // there are more than are shown
}

func (listPage) template() string { return "check" }

// shownOfCheck is how many rows the page shows; files have all.
const shownOfCheck = 200

// checkNew answers GET /check with the empty form.
func (u *UI) checkNew(v *visit) error { return v.show(listPage{Frame: v.frame()}) }

// checkTake looks a pasted list or a file up. Nothing of it is kept: the answer is the
// page, or a file.
func (u *UI) checkTake(v *visit) error {
	text, err := v.list()
	if err != nil {
		return err
	}
	values, ok := find.Listed(text)
	if !ok {
		return hub.E(hub.TooLarge, "search.too-many")
	}
	if format := v.r.FormValue("as"); format != "" {
		out, err := v.table("isac-check", format, indicatorColumns)
		if err != nil {
			return err
		}
		return v.lookUp(values, func(list []indicator) { out.put(indicatorRecords(list)) })
	}
	p := listPage{Frame: v.frame(), Done: true, Checked: len(values)}
	p.All, err = v.reads.Public.Known(v.r.Context(), values)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(p.All, shownOfCheck) {
		if len(p.Found) > shownOfCheck {
			break
		}
		list, err := v.indicators(store.IndicatorQuery{Values: some, Limit: shownOfCheck + 1})
		if err != nil {
			return err
		}
		p.Found = append(p.Found, list...)
	}
	if len(p.Found) > shownOfCheck {
		p.Found, p.More = p.Found[:shownOfCheck], true
	}
	return v.show(p)
}

func (v *visit) lookUp(values []string, use func([]indicator)) error {
	for some := range slices.Chunk(values, exportBatch) {
		err := v.allIndicators(store.IndicatorQuery{Values: some}, use)
		if err != nil {
			return err
		}
	}
	return nil
}

// list reads what was pasted and the file, either of which may be missing.
func (v *visit) list() (string, error) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	err := v.r.ParseMultipartForm(maxForm) // no larger than is held in memory: no file is made
	if errors.Is(err, http.ErrNotMultipart) {
		return v.r.PostFormValue("list"), nil
	}
	if err != nil { // its text could quote a value
		return "", hub.E(hub.Invalid, "http.bad-body")
	}
	parts := []string{v.r.PostFormValue("list")}
	for _, file := range v.r.MultipartForm.File["file"] {
		f, err := file.Open()
		if err != nil {
			return "", hub.E(hub.Invalid, "http.bad-body")
		}
		data, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			return "", hub.E(hub.Invalid, "http.bad-body")
		}
		parts = append(parts, string(data))
	}
	return strings.Join(parts, "\n"), nil
}
