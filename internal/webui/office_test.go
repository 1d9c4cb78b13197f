package webui_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/hub/register"
	"isac/internal/hubtest"
)

// officePaths are the secretariat's pages, with ids that exist.
func officePaths(h *hubtest.Hub, person string) map[string][]string {
	m := "/office/members/" + h.Members[0].ID
	p := "/office/people/" + person
	return map[string][]string{
		http.MethodGet: {"/office", "/office/members", m, "/office/people", p, "/office/acts"},
		http.MethodPost: {
			"/office/members", "/office/members/compare", "/office/members/import", m + "/issue", m + "/rotate", m + "/revoke",
			"/office/people", "/office/people/add", p + "/invite", p + "/roles", p + "/passkey", p + "/remove", "/office/acts",
		},
	}
}

func TestOnlyTheSecretariatHasTheOffice(t *testing.T) {
	h := hubtest.Start(t, 40)
	victim := h.Person(3, hub.Moderator)
	for _, role := range hub.Roles() {
		if role == hub.Secretariat {
			continue
		}
		for _, member := range []int{0, -1} {
			if member == 0 && role == hub.RelayPartner {
				continue // is of no member
			}
			b := newBrowser(h)
			b.signIn(h.Person(member, role))
			before := len(h.Roster.Acts())
			for method, paths := range officePaths(h, victim.ID) {
				for _, path := range paths {
					var form url.Values
					if method == http.MethodPost {
						form = url.Values{"role": {"secretariat"}, "org": {"hub"}, "nonce": {"x"}, "assertion": {"{}"}}
					}
					if a := b.do(method, path, form); a.status != http.StatusForbidden || strings.Contains(a.body, h.Members[0].NameJA) {
						t.Errorf("%s %s as %s: %d", method, path, role, a.status)
					}
				}
			}
			if len(h.Roster.Acts()) != before {
				t.Errorf("%s did something", role)
			}
		}
	}
	b := newBrowser(h)
	b.signIn(h.Person(-1, hub.Secretariat))
	for _, path := range officePaths(h, victim.ID)[http.MethodGet] {
		if a := b.do(http.MethodGet, path, nil); a.status != http.StatusOK {
			t.Errorf("%s for the secretariat: %d", path, a.status)
		}
	}
}

// A session is not enough for what changes who may come in, the secretariat's neither.
func TestTheOfficeWantsThePasskey(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	b.signIn(h.Person(-1, hub.Secretariat))
	victim := h.Person(3, hub.Moderator)
	h.Credentials(0)
	acts, people := len(h.Roster.Acts()), len(h.Roster.People())
	for _, path := range officePaths(h, victim.ID)[http.MethodPost] {
		if path == "/office/members" || path == "/office/people" || path == "/office/acts" || strings.HasSuffix(path, "/compare") {
			continue // these change nothing
		}
		if a := b.do(http.MethodPost, path, url.Values{"role": {"reader"}, "org": {"hub"}, "nonce": {"x"}, "assertion": {"{}"}}); a.status != http.StatusUnauthorized {
			t.Errorf("%s without a passkey: %d", path, a.status)
		}
	}
	p, _ := h.Office.Person(victim.ID)
	if len(h.Roster.Acts()) != acts || len(h.Roster.People()) != people || !p.Has(hub.Moderator) || len(h.Roster.ActiveKeys(h.Members[0].ID, h.Now())) != 1 {
		t.Error("something was changed")
	}
}

// officer opens a browser in which somebody of the secretariat is signed in.
func officer(t *testing.T, h *hubtest.Hub) (*page, hubtest.Person) {
	t.Helper()
	p, who := newPage(t, h), h.Person(-1, hub.Secretariat)
	p.authenticator()
	p.invited(h, who)
	return p, who
}

func TestMembersInTheOffice(t *testing.T) {
	h := hubtest.Start(t, 40)
	p, who := officer(t, h)
	member := h.Members[0].ID
	keys := func() []string { return h.Roster.ActiveKeys(member, h.Now()) }
	p.open("/office/members/" + member)
	p.run(chromedp.Click("form[action$='/issue'] button", chromedp.ByQuery))
	h.Poll("credentials", func() bool { return len(keys()) == 1 })
	first := keys()[0]
	p.open("/office/members/" + member)
	p.run(chromedp.Click("form[action$='/rotate'] button", chromedp.ByQuery))
	h.Poll("other credentials", func() bool { return len(keys()) == 1 && keys()[0] != first })
	p.open("/office/members/" + member)
	p.follow(chromedp.Click("form[action$='/revoke'] button", chromedp.ByQuery))
	if len(keys()) != 0 || !strings.Contains(p.text("main"), "have been revoked") {
		t.Errorf("after revoking: %d credentials, %q", len(keys()), p.text("main"))
	}
	var verbs []string
	for _, a := range h.Roster.Acts() {
		if a.By == who.ID && a.Of == member {
			verbs = append(verbs, a.Verb)
		}
	}
	if got := strings.Join(verbs, " "); got != "issue rotate revoke" {
		t.Errorf("the record says %q", got)
	}
	p.open("/office/acts")
	if got := p.text("main"); !strings.Contains(got, "rotated machine credentials") {
		t.Errorf("the page of the record says %q", got)
	}
	p.narrow("/office", "/office/members", "/office/members/"+member, "/office/people", "/office/acts")
}

// changedList is the hub's list with one organisation less and a name changed.
func changedList(t *testing.T, h *hubtest.Hub) string {
	t.Helper()
	list, _ := h.Roster.List()
	var out []hub.Organisation
	for _, o := range list.All() {
		switch o.ID {
		case h.Members[1].ID:
			continue
		case h.Members[2].ID:
			o.NameRomaji += " Annex"
		}
		out = append(out, o)
	}
	next, err := register.New(out)
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := next.Write(&csv); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, csv.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAListIsComparedBeforeItIsTaken(t *testing.T) {
	h := hubtest.Start(t, 40)
	p, _ := officer(t, h)
	before, _ := h.Roster.List()
	p.open("/office/members")
	p.run(chromedp.SetUploadFiles("#file", []string{changedList(t, h)}, chromedp.ByQuery))
	p.follow(chromedp.Click("form[action$='/compare'] button", chromedp.ByQuery))
	got := p.text("main")
	for _, want := range []string{"A dry run", "No longer members: 1", h.Members[1].ID, "No longer on the list: 1", "with the columns: 1", "name_romaji", "Join: 0", "New on the list: 0"} {
		if !strings.Contains(got, want) {
			t.Errorf("the comparison lacks %q: %s", want, got)
		}
	}
	if now, _ := h.Roster.List(); now.Digest() != before.Digest() {
		t.Fatal("the dry run took the list")
	}
	p.follow(chromedp.Click("form[action$='/import'] button", chromedp.ByQuery))
	now, _ := h.Roster.List()
	if now.Digest() == before.Digest() || now.Len() != before.Len()-1 || !strings.Contains(p.text("main"), "has been taken") {
		t.Errorf("after taking it: %d organisations, %q", now.Len(), p.text("main"))
	}
}

func TestPeopleInTheOffice(t *testing.T) {
	h := hubtest.Start(t, 40)
	p, who := officer(t, h)
	before := len(h.Roster.People())
	p.open("/office/people")
	p.run(chromedp.SendKeys("#org", h.Members[4].ID, chromedp.ByQuery), chromedp.Click("input[name=role][value=moderator]", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action$='/add'] button", chromedp.ByQuery))
	address := p.text(".note.good .code")
	if len(h.Roster.People()) != before+1 || !strings.Contains(address, "/invite/") {
		t.Fatalf("after inviting: %q", p.text("main"))
	}
	invited := newPage(t, h)
	invited.authenticator()
	invited.open(strings.TrimPrefix(address, invited.at))
	invited.follow(chromedp.Click("form[data-passkey=create] button.main", chromedp.ByQuery))
	var made hub.Person
	for _, x := range h.Roster.People() {
		if x.Org == h.Members[4].ID {
			made = x
		}
	}
	if !made.Has(hub.Moderator) || len(made.Passkeys) != 1 {
		t.Fatalf("the invited: roles %v, %d passkeys", made.Roles, len(made.Passkeys))
	}
	at := "/office/people/" + made.ID
	p.open(at)
	p.narrow(at)
	p.open(at)
	p.run(chromedp.Click("input[name=role][value=moderator]", chromedp.ByQuery), chromedp.Click("input[name=role][value=analyst]", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action$='/roles'] button", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action$='/passkey'] button", chromedp.ByQuery))
	if now, _ := h.Office.Person(made.ID); now.Has(hub.Moderator) || !now.Has(hub.Analyst) || len(now.Passkeys) != 0 {
		t.Errorf("afterwards: roles %v, %d passkeys", now.Roles, len(now.Passkeys))
	}
	p.follow(chromedp.Click("form[action$='/remove'] button", chromedp.ByQuery))
	if _, err := h.Office.Person(made.ID); hub.KindOf(err) != hub.NotFound {
		t.Errorf("after removing: %v", err)
	}
	if err := h.Office.RemovePerson(t.Context(), who.ID, who.ID); hub.KindOf(err) != hub.Forbidden {
		t.Errorf("somebody removes herself: %v", err)
	}
}
