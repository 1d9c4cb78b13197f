package webui

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/evidence"
	"isac/hub/form"
	"isac/hub/warning"
	"isac/internal/workbook"
)

const (
	maxFiles    = 32 << 20 // of a form with log and mail files, in bytes
	maxWorkbook = 5 << 20
	maxShown    = 300 // values in the table
)

// files are what was found in those of a form while it was read. They are never kept,
// on disk or in memory.
type files struct {
	search   evidence.Search
	seen     int // log and mail files
	unread   int // of them, those that can't be read
	workbook []byte
}

// formAndFiles reads a posted form as it comes, its files included: what Go's own
// reader of such forms does, it would do with files on disk.
func (v *visit) formAndFiles() (*files, error) {
	out := new(files)
	if !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/form-data") {
		return out, v.form()
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxFiles)
	parts, err := v.r.MultipartReader()
	if err != nil {
		return nil, hub.E(hub.Invalid, "http.bad-body")
	}
	v.r.PostForm = url.Values{}
	for room := int64(maxForm); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err == nil {
			err = out.take(part, v.r.PostForm, &room)
		}
		if err != nil {
			return nil, badBody(err)
		}
	}
}

// badBody tells a form that is too large from a broken one; the error's own text could
// quote a value.
func badBody(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok || hub.KindOf(err) == hub.TooLarge {
		return hub.E(hub.TooLarge, "web.report.files-too-large")
	}
	return hub.E(hub.Invalid, "http.bad-body")
}

func (f *files) take(part *multipart.Part, into url.Values, room *int64) error {
	defer part.Close()
	switch name := part.FormName(); {
	case part.FileName() == "" && (name == "evidence" || name == "workbook"):
		return nil // none was chosen
	case name == "evidence":
		f.seen++
		err := f.search.Read(part.FileName(), part)
		if hub.KindOf(err) == hub.Invalid {
			f.unread++
			return nil
		}
		return err
	case name == "workbook":
		var err error
		f.workbook, err = io.ReadAll(io.LimitReader(part, maxWorkbook+1))
		return err
	default:
		value, err := io.ReadAll(io.LimitReader(part, *room+1))
		*room -= int64(len(value))
		if err == nil && *room < 0 {
			err = hub.E(hub.TooLarge, "web.report.files-too-large")
		}
		into.Add(name, string(value))
		return err
	}
}

// shown is the table of what files show, to be ticked.
type shown struct {
	Values []shownValue
	More   int // that aren't in the table
	Unread int // files
}

type shownValue struct {
	Value    string
	Defanged string
	Type     string
	Times    int
	Why      string // that it is hardly the attacker's: "own", "public", "shared" or ""
}

// shown lists what the files show: what speaks for itself as harmless last, and of the
// rest what stood there least.
func (v *visit) shown(f *files) (*shown, error) {
	if f.seen == 0 {
		return nil, hub.E(hub.Invalid, "web.report.no-evidence")
	}
	org, _ := v.ui.Roster.Organisation(v.me.Org)
	out := &shown{Unread: f.unread}
	var harmless []shownValue
	for _, found := range evidence.Rarest(f.search.Found()) {
		s := shownValue{Value: found.Value, Defanged: analysis.Defanged(found.Kind, found.Value), Type: string(found.Kind), Times: found.Times}
		switch verdict := v.ui.Warnings.Judge(found.Kind, found.Value); {
		case evidence.IsOwn(org, found.Kind, found.Value):
			s.Why = "own"
		case verdict == warning.Public:
			s.Why = "public"
		case verdict == warning.Shared:
			s.Why = "shared"
		}
		if s.Why != "" {
			harmless = append(harmless, s)
			continue
		}
		out.Values = append(out.Values, s)
	}
	out.Values = append(out.Values, harmless...)
	out.More = max(0, len(out.Values)-maxShown)
	out.Values = out.Values[:len(out.Values)-out.More]
	return out, nil
}

// fill puts what a workbook says into the fields that are empty.
func (p *reportPage) fill(f *files) error {
	if len(f.workbook) == 0 {
		return hub.E(hub.Invalid, "web.report.no-workbook")
	}
	if len(f.workbook) > maxWorkbook {
		return hub.E(hub.TooLarge, "workbook.too-large")
	}
	tables, err := workbook.Read(bytes.Clone(f.workbook))
	if err != nil {
		return err
	}
	got := form.FromTables(tables)
	found := got.Texts()
	for i, t := range p.Form.Texts() {
		if *t.Value == "" && *found[i].Value != "" {
			*t.Value, p.Filled = *found[i].Value, true
		}
	}
	if !p.Filled {
		return hub.E(hub.Invalid, "web.report.nothing-in-workbook")
	}
	return nil
}

// fileProblem is what is wrong with the file of a step, by field.
func fileProblem(step string, err error) map[string]string {
	e, ok := errors.AsType[*hub.Error](err)
	if !ok {
		return nil
	}
	field := map[string]string{"find": "evidence", "fill": "workbook"}[step]
	return map[string]string{field: e.Text}
}
