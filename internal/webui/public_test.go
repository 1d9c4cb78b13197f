package webui_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/edition"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
)

// flashes is a hub with a report whose flash waits for consent, and who decides on it.
type flashes struct {
	*hubtest.Hub
	reporter   hubtest.Person
	moderators []hubtest.Person
	view       conveyor.CaseView
}

func newFlashes(t *testing.T) *flashes {
	t.Helper()
	f := &flashes{Hub: hubtest.Start(t, 40)}
	f.reporter = f.Person(0, hub.Reporter)
	for _, i := range f.Apart(0, 2) {
		f.moderators = append(f.moderators, f.Person(i, hub.Moderator))
	}
	_, _, err := f.Dial(0).Report(t.Context(), hubtest.Bundle(f.Members[0], "public", "1", "203.0.114.81"))
	if err != nil {
		t.Fatal(err)
	}
	f.view = f.Case(f.reporter, 1)
	return f
}

// offers reports whether the draft of the flash is for everybody.
func (f *flashes) offers() bool {
	f.T.Helper()
	c, err := f.Desk.Case(f.T.Context(), f.reporter.Person, f.view.Case)
	var b anonymize.Body
	if err == nil {
		err = json.Unmarshal(c.Stages[0].Draft, &b)
	}
	if err != nil {
		f.T.Fatal(err)
	}
	return b.Clear
}

// release brings the flash out, and returns the id of its alert.
func (f *flashes) release() string {
	f.Consent(f.reporter, f.view)
	return f.Approve(f.reporter, f.view.Case, f.moderators...).Stages[0].Alert.ID
}

// Everybody gets the edition even where the full alert went to members first.
func TestAnEditionAfterTheFullAlert(t *testing.T) {
	f := newFlashes(t)
	f.Consent(f.reporter, f.view)
	id := ""
	for i, stage := range []hub.Stage{hub.Full, hub.Flash} {
		f.Poll("the "+string(stage), func() bool {
			f.ApproveOpen(stage, f.moderators...)
			c, err := f.Desk.Case(t.Context(), f.reporter.Person, f.view.Case)
			out := err == nil && c.Stages[1-i].Alert != nil
			if out {
				id = c.Stages[1-i].Alert.ID
			}
			return out
		})
	}
	nobody := newBrowser(f.Hub)
	f.Poll("the edition", func() bool { return nobody.do(http.MethodGet, "/public/"+edition.ID(id), nil).status == http.StatusOK })
}

// all is everything that nobody signs in for, of one edition.
func all(id string) []string {
	return []string{"/public?lang=ja", "/public/feed.atom?lang=en", "/public/feed.json?lang=ja", "/public/" + id + "?lang=en", "/public/" + id + "/bundle", "/public/" + id + "/sheet.pdf"}
}

// What the reporter is asked for and the moderators approve is a flash for members and an
// edition for everybody, which nobody signs in for and which leads back to neither the
// case nor the place among the alerts; when the flash is taken back the edition is gone.
func TestAFlashForEverybody(t *testing.T) {
	f := newFlashes(t)
	b, nobody := newBrowser(f.Hub), newBrowser(f.Hub)
	b.signIn(f.reporter)
	path := "/cases/" + f.view.Case
	if a := b.do(http.MethodGet, path, nil); !strings.Contains(a.body, "You consent to two things") || !f.offers() {
		t.Fatal("the reporter isn't told that the draft is for everybody")
	}
	before := f.view.Stages[0].Digest
	b.do(http.MethodPost, path+"/flash/clear", url.Values{"clear": {"no"}})
	if a := b.do(http.MethodGet, path, nil); !strings.Contains(a.body, "for members alone") || f.offers() {
		t.Fatal("the reporter can't refuse")
	}
	b.do(http.MethodPost, path+"/answers", url.Values{})
	if f.offers() {
		t.Error("an answer about facts offers what was refused")
	}
	b.do(http.MethodPost, path+"/flash/clear", url.Values{"clear": {"yes"}})
	f.view, _ = f.Desk.Case(t.Context(), f.reporter.Person, f.view.Case)
	if !f.offers() || f.view.Stages[0].Digest == before {
		t.Error("what people sign doesn't change with the offer")
	}
	f.Consent(f.reporter, f.view)
	m := newBrowser(f.Hub)
	m.signIn(f.moderators[0])
	f.Poll("the review", func() bool {
		list, err := f.Desk.Reviews(f.moderators[0].Person)
		return err == nil && len(list) > 0 && strings.Contains(m.do(http.MethodGet, "/reviews/"+list[0].Review, nil).body+m.do(http.MethodGet, "/reviews/"+list[len(list)-1].Review, nil).body, "to go out to everybody")
	})
	c := f.Approve(f.reporter, f.view.Case, f.moderators...)
	flash, full := c.Stages[0].Alert, c.Stages[1].Alert
	id := edition.ID(flash.ID)
	var green string
	f.Poll("the edition", func() bool {
		green = m.do(http.MethodGet, "/alerts/"+flash.ID+"/bundle", nil).body
		return nobody.do(http.MethodGet, "/public/"+id, nil).status == http.StatusOK && strings.Contains(green, "/public/"+id)
	})
	for _, path := range all(id) {
		a := nobody.do(http.MethodGet, path, nil)
		if a.status != http.StatusOK || strings.Contains(path, "pdf") && !strings.HasPrefix(a.body, "%PDF") {
			t.Errorf("%s: %d", path, a.status)
		}
		for _, inner := range []string{flash.ID, full.ID, "/alerts/", "TLP:GREEN", "tlp:green", "ISAC alert " + strconv.FormatUint(flash.Number, 10) + `"`, f.Members[0].ID, f.Members[0].NameJA} {
			if strings.Contains(a.body, inner) {
				t.Errorf("%s has %s", path, inner)
			}
		}
		if strings.Contains(path, "feed") {
			tag := a.header.Get("ETag")
			if a := nobody.do(http.MethodGet, path, nil, func(r *http.Request) { r.Header.Set("If-None-Match", tag) }); tag == "" || a.status != http.StatusNotModified {
				t.Errorf("%s: asked again it is %d", path, a.status)
			}
		}
	}
	if a := nobody.do(http.MethodGet, "/public/"+edition.ID(full.ID), nil); a.status != http.StatusNotFound {
		t.Errorf("the full alert is for everybody: %d", a.status)
	}
	f.wantEdition(green, nobody.do(http.MethodGet, "/public/"+id+"/bundle", nil).body)
	f.wantFeeds(nobody, id)
	f.takeBack(c, 0)
	f.Poll("the end of the edition", func() bool { return nobody.do(http.MethodGet, "/public/"+id, nil).status == http.StatusGone })
	for _, path := range all(id)[3:] {
		if a := nobody.do(http.MethodGet, path, nil); a.status != http.StatusGone {
			t.Errorf("%s of what was taken back: %d", path, a.status)
		}
	}
	for _, path := range all(id)[:3] {
		if a := nobody.do(http.MethodGet, path, nil); !strings.Contains(a.body, id) || strings.Contains(a.body, "203.0.114") || strings.Contains(a.body, "203[.]0") {
			t.Errorf("%s doesn't say that it was taken back, or says more", path)
		}
	}
}

// takeBack withdraws a stage on the word of the reporter.
func (f *flashes) takeBack(c conveyor.CaseView, stage int) {
	f.T.Helper()
	s := c.Stages[stage]
	c, err := f.Desk.Case(f.T.Context(), f.reporter.Person, c.Case)
	if err == nil {
		s = c.Stages[stage]
		err = f.Desk.Withdraw(f.T.Context(), f.reporter.Person, c.Case, s.Stage, "wrong", f.reporter.Sign(review.ToWithdraw, s.Back))
	}
	if err != nil {
		f.T.Fatal(err)
	}
}

// wantEdition compares an edition with its flash: the same objects, all CLEAR, no id of
// which but the hub's own and the label's stands in both.
func (f *flashes) wantEdition(green, clear string) {
	t := f.T
	t.Helper()
	parse := func(text string) map[string]stix.Object {
		b, err := stix.ParseBundle([]byte(text), stix.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]stix.Object{}
		for _, o := range b.Objects {
			out[o.ID()] = o
		}
		return out
	}
	flash, open := parse(green), parse(clear)
	if len(open) != len(flash)-1 { // one label in place of two
		t.Errorf("%d objects of %d", len(open), len(flash))
	}
	for id, o := range open {
		if _, both := flash[id]; both && o.Type() != "identity" && o.Type() != "marking-definition" {
			t.Errorf("%s stands in both", o.Type())
		}
		if o.Type() != "marking-definition" && stix.LabelOf(o) != hub.TLPClear {
			t.Errorf("%s isn't CLEAR", o.Type())
		}
		for _, name := range []string{"source_ref", "target_ref", "object_ref", "created_by_ref"} {
			if ref := o.Str(name); ref != "" && open[ref] == nil {
				t.Errorf("%s of %s leads nowhere", name, o.Type())
			}
		}
		for _, ref := range append(o.Strs("object_refs"), o.Strs("object_marking_refs")...) {
			if open[ref] == nil {
				t.Errorf("%s refers to %s, which isn't there", o.Type(), ref)
			}
		}
	}
	if !strings.Contains(clear, "203.0.114.81") {
		t.Error("the edition lacks the indicator")
	}
}

func (f *flashes) wantFeeds(nobody *browser, id string) {
	t := f.T
	t.Helper()
	var atom struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Updated string   `xml:"updated"`
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	a := nobody.do(http.MethodGet, "/public/feed.atom?lang=en", nil)
	if err := xml.Unmarshal([]byte(a.body), &atom); err != nil || len(atom.Entries) != 1 || atom.Entries[0].ID != "urn:uuid:"+id || !strings.Contains(atom.Entries[0].Content, "TLP:CLEAR: may be published.") || !strings.HasPrefix(a.header.Get("Content-Type"), "application/atom+xml") {
		t.Errorf("Atom: %v, %d entries", err, len(atom.Entries))
	}
	var feed struct {
		Version string `json:"version"`
		Items   []struct {
			ID   string `json:"id"`
			URL  string `json:"url"`
			Text string `json:"content_text"`
		} `json:"items"`
	}
	a = nobody.do(http.MethodGet, "/public/feed.json?lang=ja", nil)
	if err := json.Unmarshal([]byte(a.body), &feed); err != nil || feed.Version != "https://jsonfeed.org/version/1.1" || len(feed.Items) != 1 || !strings.Contains(feed.Items[0].Text, "TLP:CLEAR：公開してかまいません。") || !strings.Contains(feed.Items[0].URL, "/public/"+id) {
		t.Errorf("JSON Feed: %v, %d items", err, len(feed.Items))
	}
}

// Joining terms are consent to alerts for members. A flash that goes out on them is for
// nobody else, until a reporter asks for it and signs exactly that draft.
func TestStandingConsentIsForMembers(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	h.Join(reporter, review.Standing)
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "standing", "1", "203.0.114.82"))
	if err != nil {
		t.Fatal(err)
	}
	f := &flashes{Hub: h, reporter: reporter, view: h.Case(reporter, 1)}
	if f.offers() || f.view.Stages[0].State != string(review.Reviewing) {
		t.Fatalf("on standing terms the flash is for everybody, or %s", f.view.Stages[0].State)
	}
	if err := h.Desk.Clear(t.Context(), reporter.Person, f.view.Case, anonymize.ClearYes); err != nil {
		t.Fatal(err)
	}
	f.view, _ = h.Desk.Case(t.Context(), reporter.Person, f.view.Case)
	if !f.offers() || f.view.Stages[0].State != string(review.Asking) {
		t.Errorf("a flash for everybody is %s on standing terms", f.view.Stages[0].State)
	}
	if err := h.Desk.Clear(t.Context(), reporter.Person, f.view.Case, "maybe"); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a word that isn't one: %v", err)
	}
	if err := h.Desk.Clear(t.Context(), h.Person(1, hub.Reporter).Person, f.view.Case, anonymize.ClearNo); err == nil {
		t.Error("somebody else decides")
	}
}
