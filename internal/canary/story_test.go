package canary_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/export"
	"isac/hub/review"
	"isac/internal/canary"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/sealing"
)

// names are all that tells the victim: what is planted, and what the sector list
// says of it.
func names(o hub.Organisation) []string {
	network := strings.SplitN(o.IPv4, "/", 2)[0]
	return append(slices.Clone(planted),
		o.NameJA, o.NameKana, o.NameHalfKana, o.NameRomaji, o.LegalName, o.AbbrJA, o.Domain, o.Mail, o.Phone, o.Fax, o.Address,
		o.HostnamePrefix+"09", o.Beds+"床", network)
}

// play tells the hub one story of each kind.
func (w *world) play() {
	t, v := w.t, w.victim
	w.release(w.report(thin(t, v, "thin")))

	c := w.release(w.report(rich(t, v, "whole", "1")))
	corrected := strings.ReplaceAll(string(rich(t, v, "whole", "2")), "CVE-2023-27997", "CVE-2024-21762")
	c = w.Consent(w.reporter, w.version(c.Case, []byte(corrected)))
	for stage := range 2 {
		w.everyone(c.Case, stage, review.Released, conveyor.Decision{Verb: "approve"})
	}
	full := w.view(c.Case).Stages[1]
	w.must(w.Desk.Withdraw(t.Context(), w.reporter.Person, c.Case, full.Stage, "wrong", w.reporter.Sign(review.ToWithdraw, full.Back)))
	w.until(c.Case, 1, review.Withdrawn)
	w.recall(*w.view(c.Case).Stages[0].Alert)
	w.until(c.Case, 0, review.Recalled)

	c = w.report(rich(t, v, "objected", "1"))
	w.must(w.Desk.Object(t.Context(), w.reporter.Person, c.Case, hub.Flash))
	w.consent(c.Case, 1)
	w.everyone(c.Case, 1, review.Declined, conveyor.Decision{Verb: "decline", Reason: "no-value"})

	c = w.report(rich(t, v, "returned", "1"))
	w.consent(c.Case, 0)
	w.everyone(c.Case, 0, review.Returned, conveyor.Decision{Verb: "return", Reason: "unclear"})
	w.consent(c.Case, 1) // and stays under review

	w.report(broken(t, v, "broken"))
	w.unreadable()
}

// unreadable are reports that become cases with nothing but a hold.
func (w *world) unreadable() {
	w.t.Helper()
	_, recipient, err := w.Ring.Epoch(w.Now())
	w.must(err)
	deep := strings.Repeat(`{"丹戸記念":`, 10_000) + `"NTB-KARTE07"` + strings.Repeat("}", 10_000)
	for _, text := range []string{
		told(w.victim), `{"type":"bundle","objects":{"鵜殿 紗千香":"` + told(w.victim), deep,
		`{"type":"incident","name":"丹戸記念","name":"473床"}`, `["緑翠会 丹戸記念病院"]`, "\xff\xfe丹戸記念\x00",
	} {
		sealed, err := sealing.Seal(recipient, []byte(text))
		w.must(err)
		r, err := w.conn.Send(w.t.Context(), sealed)
		w.must(err)
		if c := w.took(r.Number); c.Stages[0].State != string(review.Held) {
			w.t.Errorf("an unreadable report is %s", c.Stages[0].State)
		}
	}
	for _, text := range []string{"age-encryption.org/v1\n" + told(w.victim), "age-encryption.org/v1\n-> X25519 " + "Udono Sachika\n"} {
		r, err := w.conn.Send(w.t.Context(), []byte(text))
		w.must(err)
		w.took(r.Number)
	}
}

// misuse is everything wrong that members' machines can send, names in it. What the
// reporter's own machine is answered must be as silent as what others are.
func (w *world) misuse() {
	t := w.t
	victim := w.ear.machine(t, w.Hub, 0)
	plain := []string{
		told(w.victim), "", `{"type":"bundle","丹戸記念":1,"丹戸記念":2}`, `["鵜殿 紗千香"]`, "\xff丹戸記念", strings.Repeat("[", 10_000) + "473床",
		`{"type":"bundle","objects":["` + strings.Repeat("緑翠会 丹戸記念病院", 190_000) + `"]}`,
	}
	for _, m := range append(slices.Clone(w.machines), victim) {
		for _, body := range plain {
			if answer := m.ask(t, "report", body); !strings.Contains(answer, `"refused"`) {
				t.Errorf("%.40q was taken: %.100s", body, answer)
			}
		}
		for _, body := range []string{`{"ask":"card"}`, `{"ask":"丹戸記念"}`, told(w.victim), `{"ask":"status","receipt":"Udono Sachika"}`, `{"ask":"status","receipt":"` + w.receipts[0] + `"}`} {
			m.ask(t, "case", body)
		}
		for _, body := range []string{`{"after":0}`, `{"after":"丹戸記念"}`, told(w.victim), `{"after":3}`} {
			m.ask(t, "catchup", body)
		}
		m.ask(t, "feedback", told(w.victim))
	}
	for _, subject := range []string{"isac.report." + victim.user, "isac.alert.green.high", "$JS.API.STREAM.NAMES", "isac.status." + victim.user} {
		w.must(w.machines[0].nc.PublishRequest(subject, "_INBOX_"+w.machines[0].user+".x", []byte(told(w.victim))))
	}
	w.must(w.machines[0].nc.Flush())
}

// browse asks for everything that there is, as everyone but the reporter.
func (w *world) browse() {
	w.t.Helper()
	paths := []string{"/", "/healthz", "/readyz", "/metrics", "/api/v1/me", "/api/v1/alerts", "/api/v1/alerts?limit=2", "/api/v1/indicators", "/api/v1/cases", "/api/v1/reviews", "/api/v1/drafts"}
	rows, _, err := w.Entries(w.t.Context(), 0, 500)
	w.must(err)
	for _, f := range export.Forms() {
		paths = append(paths, "/feeds/"+f.Name+"?all=true", "/api/v1/export/"+f.Name)
	}
	paths = append(paths, "/feeds/misp/manifest.json", "/feeds/misp/hashes.csv", "/taxii2/", "/taxii2/alerts/collections/", "/taxii2/alerts/collections/fd8e6f02-f549-47f5-bb35-7aef9af97a74/objects/")
	for _, e := range rows {
		paths = append(paths, "/feeds/misp/"+e.ID+".json")
		paths = append(paths, "/api/v1/alerts/"+e.ID, "/api/v1/alerts/"+e.ID+"/bundle", "/api/v1/alerts/"+e.ID+"/bundle.sig")
	}
	for _, id := range w.cases {
		paths = append(paths, "/api/v1/cases/"+id)
	}
	for _, m := range w.moderators {
		list, err := w.Desk.Reviews(m.Person)
		w.must(err)
		for _, r := range list {
			paths = append(paths, "/api/v1/reviews/"+r.Review)
		}
	}
	w.everybody(rows)
	for _, p := range append(slices.Clone(w.others), w.moderators...) {
		for _, path := range paths {
			w.ear.fetch(w.t, w.Hub, p, request(w.t, w.Hub, http.MethodGet, path, ""))
		}
	}
	w.desk()
}

// everybody asks for what nobody signs in for, in both languages.
func (w *world) everybody(rows []deliver.Entry) {
	w.t.Helper()
	found := 0
	for _, lang := range []string{"ja", "en"} {
		paths := []string{"/public", "/public/feed.atom", "/public/feed.json"}
		for _, e := range rows {
			id := edition.ID(e.ID)
			paths = append(paths, "/public/"+id, "/public/"+id+"/bundle", "/public/"+id+"/sheet.pdf")
		}
		for _, path := range paths {
			status, _ := w.ear.fetch(w.t, w.Hub, hubtest.Person{}, request(w.t, w.Hub, http.MethodGet, path+"?lang="+lang, ""))
			if status == http.StatusOK && strings.HasSuffix(path, "/bundle") {
				found++
			}
		}
	}
	if found == 0 {
		w.t.Error("no flash is for everybody: the pages without signing in aren't tried")
	}
}

// desk lets the secretariat look into the drafts that wait.
func (w *world) desk() {
	office := w.others[2]
	waiting, err := w.Desk.Waiting(w.t.Context(), office.Person, "")
	w.must(err)
	if len(waiting) == 0 {
		w.t.Error("no draft waits: the secretariat's view isn't tried")
	}
	opened := 0
	for _, d := range waiting {
		r := request(w.t, w.Hub, http.MethodPost, "/api/v1/drafts/"+d.Digest.String()+"/open", `{"reason":"reporter-called"}`)
		if status, _ := w.ear.fetch(w.t, w.Hub, office, r); status == http.StatusOK {
			opened++
		}
	}
	if opened == 0 {
		w.t.Error("no draft could be opened: the secretariat's view isn't tried")
	}
	traces := 0
	for _, id := range w.cases {
		for _, s := range w.view(id).Stages {
			traces += len(s.Looks)
		}
	}
	if traces != opened {
		w.t.Errorf("%d drafts were opened, their reporter sees %d", opened, traces)
	}
}

// opened excuses the one door: who opens a draft, with a reason and a trace, is told
// whom to telephone. Nothing of the report is among it.
func (w *world) opened(b blob, h canary.Hit) bool {
	v := w.victim
	door := strings.HasPrefix(b.where, "HTTP POST /api/v1/drafts for [secretariat]")
	return door && slices.Contains([]string{v.ID, v.NameJA, v.AbbrJA, v.Phone, w.reporter.ID}, h.Value) && !slices.Contains(planted, h.Value)
}

// abuse puts names into every part of a request, as everyone and the reporter too.
func (w *world) abuse() {
	w.t.Helper()
	all := []string{"緑翠会 丹戸記念病院", "Udono Sachika", "s.udono", "10.187.44.203", "0749-12-8867", `\\NTB-FS03\kangobu`, w.victim.NameJA}
	for i, p := range append([]hubtest.Person{w.reporter, w.moderators[0]}, w.others...) {
		some := all
		if i > 2 {
			some = all[:2]
		}
		for _, name := range some {
			in, q := url.PathEscape(name), url.QueryEscape(name)
			for _, path := range []string{
				"/" + in, "/api/v1/" + in, "/api/v1/alerts/" + in, "/api/v1/alerts/" + in + "/bundle", "/api/v1/cases/" + in, "/api/v1/reviews/" + in, "/api/v1/drafts/" + in,
				"/api/v1/alerts?" + q + "=1", "/api/v1/alerts?technique=" + q, "/api/v1/alerts?severity=" + q, "/api/v1/alerts?next=" + q, "/api/v1/alerts?since=" + q,
				"/api/v1/indicators?value=" + q, "/api/v1/indicators?" + q, "/api/v1/drafts?receipt=" + q, "/api/v1/alerts?%zz=" + q,
			} {
				w.ear.fetch(w.t, w.Hub, p, request(w.t, w.Hub, http.MethodGet, path, ""))
			}
			body := `{"` + strings.ReplaceAll(name, `\`, `\\`) + `":"` + strings.ReplaceAll(name, `\`, `\\`) + `"}`
			for _, path := range []string{
				"/api/v1/cases/" + in + "/consent", "/api/v1/cases/" + w.cases[0] + "/consent", "/api/v1/cases/" + w.cases[0] + "/answers", "/api/v1/cases/" + w.cases[0] + "/" + in,
				"/api/v1/reviews/" + in + "/approve", "/api/v1/reviews/x/" + in, "/api/v1/alerts/" + in + "/recall", "/api/v1/drafts/" + in + "/open",
			} {
				for _, text := range []string{body, `{"reason":"` + strings.ReplaceAll(name, `\`, `\\`) + `"}`, `{"stage":"` + strings.ReplaceAll(name, `\`, `\\`) + `"}`, name} {
					w.ear.fetch(w.t, w.Hub, p, request(w.t, w.Hub, http.MethodPost, path, text))
				}
			}
			r := request(w.t, w.Hub, "PATCH", "/api/v1/alerts", name)
			r.Header.Set("Accept-Language", name)
			r.Header.Set("User-Agent", name)
			r.Header.Set("X-Request-Id", name)
			w.ear.fetch(w.t, w.Hub, hubtest.Person{}, r)
		}
	}
}

func TestNothingPlantedLeavesTheHub(t *testing.T) {
	w := start(t)
	w.play()
	w.misuse()
	w.browse()
	w.abuse()
	heard := w.ear.all()
	if len(heard) < 500 {
		t.Errorf("only %d messages and answers were heard", len(heard))
	}
	private := append(inside(w.Hub), w.written())
	s := canary.New(names(w.victim)...)
	search(t, s, heard, w.opened)
	search(t, s, private, nil)
	running := append(files(t, w.Folder), files(t, w.tmp)...)
	w.must(w.Close())
	stopped := append(files(t, w.Folder), files(t, w.tmp)...)
	listed := canary.New(planted...)
	for _, blobs := range [][]blob{running, stopped} {
		search(t, s, blobs, func(b blob, _ canary.Hit) bool { return inList(b) })
		search(t, listed, blobs, nil)
	}
	w.nobodyIsNamed(heard, append(private, w.written()), append(running, stopped...))
}

// inList reports whether a file is of the sector list's own stream.
func inList(b blob) bool { return strings.Contains(b.where, "/streams/REGISTER/") }
