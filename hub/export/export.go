// Package export writes released indicators in the forms that other programs read:
// tables, block lists, a response policy zone, rules for network sensors and scanners,
// events of a SIEM.
//
// It is pure and streams: what it is given it writes at once and forgets, so that a
// million indicators need no more memory than one. It is a function of what the gate
// has passed, and adds fixed words alone. It trusts no value: an attacker chose each.
// What a form can't say without doubt is left out of it and counted in its last line,
// or in Left where the form has no remarks.
//
//	w, err := export.To(os.Stdout, "rpz", export.Head{Hub: "ISAC hub", Made: now})
//	err = w.Put(export.Indicator{Kind: hub.Domain, Value: "evil.example", Alert: id, Row: 1})
//	err = w.End()
package export

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"time"

	"isac/hub"
)

// Indicator is one released indicator in one alert, as it stands today.
type Indicator struct {
	Row        int64 // its place among all, from 1: the same whenever the log is read
	ID         string
	Kind       hub.Kind
	Value      string
	Confidence int // 0 to 100
	From       time.Time
	Until      time.Time
	Alert      string // UUID
	Number     uint64 // of the alert
	Severity   hub.Severity
	TLP        hub.TLP
}

// Head is what stands at the beginning of a file.
type Head struct {
	Hub  string    // its name
	URL  string    // of the hub, for links to alerts; may be empty
	Made time.Time // which also numbers a zone
}

// A Form is one way of writing indicators.
type Form struct {
	Name  string // in commands and addresses: "csv"
	Media string
	Ext   string // of a file: ".csv"
	// Kinds are those that it can say, all when empty.
	Kinds []hub.Kind
	// Distinct forms need each value once, however many alerts have it.
	Distinct bool

	remark string // how a line for people begins, "" where there is none
	begin  func(*Writer)
	put    func(*Writer, Indicator) bool // false: it can't be said
}

var forms = []Form{csvForm, linesForm, listForm, hostsForm, zoneForm, suricataForm, snortForm, yaraForm, cefForm, leefForm, syslogForm}

// Forms are all of them, in the order of their names.
func Forms() []Form {
	out := slices.Clone(forms)
	slices.SortFunc(out, func(a, b Form) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// Names are those of all forms, for people.
func Names() string {
	var names []string
	for _, f := range Forms() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// FormOf returns the form of a name.
func FormOf(name string) (Form, bool) {
	at := slices.IndexFunc(forms, func(f Form) bool { return f.Name == name })
	if at < 0 {
		return Form{}, false
	}
	return forms[at], true
}

// Table returns the form that ends in ext and can hold records of every sort: a table,
// lines of JSON or a plain list.
func Table(ext string) (Form, bool) {
	for _, f := range []Form{csvForm, linesForm, listForm} {
		if f.Ext == ext {
			return f, true
		}
	}
	return Form{}, false
}

// Says reports whether the form can say indicators of a kind.
func (f Form) Says(k hub.Kind) bool { return len(f.Kinds) == 0 || slices.Contains(f.Kinds, k) }

// Writer writes one file.
type Writer struct {
	Form
	Head
	Left int // how many couldn't be said

	out *bufio.Writer
	err error
}

// To begins a file in the form of that name, which is a hub.NotFound error when there is
// none.
func To(w io.Writer, form string, head Head) (*Writer, error) {
	f, ok := FormOf(form)
	if !ok {
		return nil, hub.E(hub.NotFound, "export.no-form", Names())
	}
	out := &Writer{Form: f, Head: head, out: bufio.NewWriterSize(w, 1<<16)}
	out.Made = out.Made.UTC()
	if f.begin != nil {
		f.begin(out)
	}
	return out, out.err
}

// Put writes an indicator. Its error is that of what is written to.
func (w *Writer) Put(i Indicator) error {
	if !w.Says(i.Kind) || !w.Form.put(w, i) {
		w.Left++
	}
	return w.err
}

// End writes what is still held back, and how many were left out.
func (w *Writer) End() error {
	if w.Left > 0 && w.remark != "" {
		w.say(w.remark, " ", itoa(w.Left), " left out: this form can't say them\n")
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// say writes pieces.
func (w *Writer) say(pieces ...string) {
	for _, p := range pieces {
		if w.err == nil {
			_, w.err = w.out.WriteString(p)
		}
	}
}

// page is the address of an indicator's alert, or its id alone.
func (w *Writer) page(i Indicator) string {
	if w.URL == "" {
		return "report--" + i.Alert
	}
	return w.URL + "/alerts/" + i.Alert
}
