package webui

import (
	"io"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/locale"
	"isac/internal/office"
)

// memberListPage lists the members for the secretariat.
type memberListPage struct {
	Frame
	Query         string
	Organisations int
	Total         int // members
	Members       []memberLine
}

func (memberListPage) template() string { return "members" }

type memberLine struct {
	ID, Name string
	Keys     int // machine credentials that are good
}

// mostMembers are shown at once.
const mostMembers = 200

// filter reads the words by which a list is narrowed. They are posted, so that no name
// stands in an address.
func (v *visit) filter() (string, error) {
	if v.r.Method == http.MethodGet {
		return "", nil
	}
	err := v.form()
	return v.field("q"), err
}

func (u *UI) memberList(v *visit) error {
	query, err := v.filter()
	if err != nil {
		return err
	}
	list, _ := u.Roster.List()
	p := memberListPage{Frame: v.frame(), Organisations: list.Len(), Query: query}
	for _, o := range list.Members() {
		p.Total++
		if len(p.Members) < mostMembers && (strings.Contains(o.NameJA, p.Query) || strings.Contains(o.ID, p.Query)) {
			p.Members = append(p.Members, memberLine{o.ID, o.NameJA, len(u.Roster.ActiveKeys(o.ID, u.Now()))})
		}
	}
	return v.show(p)
}

// memberPage is one member and its machine credentials.
type memberPage struct {
	Frame
	Member  memberLine
	Done    string
	Confirm confirmForm
}

func (memberPage) template() string { return "member" }

func (u *UI) memberShow(v *visit) error { return v.showMember("") }

func (v *visit) showMember(done string) error {
	id := chi.URLParam(v.r, "member")
	org, ok := v.ui.Roster.Organisation(id)
	if !ok || !org.Member {
		return hub.E(hub.NotFound, "member.unknown")
	}
	confirm, err := v.confirming()
	if err != nil {
		return err
	}
	p := memberPage{v.frame(), memberLine{id, org.NameJA, len(v.ui.Roster.ActiveKeys(id, v.ui.Now()))}, done, confirm}
	p.Path = "/office/members/" + id
	return v.show(p)
}

// memberDecide issues, rotates or revokes the machine credentials of a member.
func (u *UI) memberDecide(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	ctx, id := v.r.Context(), chi.URLParam(v.r, "member")
	var file []byte
	switch chi.URLParam(v.r, "verb") {
	case "issue":
		file, err = u.Office.Issue(ctx, v.me.ID, id)
	case "rotate":
		file, err = u.Office.Rotate(ctx, v.me.ID, id)
	case "revoke":
		_, err = u.Office.Revoke(ctx, v.me.ID, id)
		if err == nil {
			return v.showMember(locale.Text(v.lang, "web.office.revoked"))
		}
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	v.file("application/octet-stream", "member.creds", file)
	return nil
}

// importPage shows what a sector list would change, before it is taken.
type importPage struct {
	Frame
	Change  office.Change
	Taken   bool
	Confirm confirmForm
}

func (importPage) template() string { return "import" }

// maxListFile is enough for the largest list.
const maxListFile = 64 << 20

// importTry reads a list and compares it.
func (u *UI) importTry(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxListFile)
	file, _, err := v.r.FormFile("file")
	if err != nil { // its text could quote a file name
		return hub.E(hub.Invalid, "web.office.no-file")
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil || len(data) == 0 {
		return hub.E(hub.Invalid, "web.office.no-file")
	}
	change, err := u.Office.Hold(v.me.ID, data)
	if err != nil {
		return err
	}
	confirm, err := v.confirming()
	if err != nil {
		return err
	}
	return v.showImport(importPage{Change: change, Confirm: confirm})
}

func (v *visit) showImport(p importPage) error {
	p.Frame = v.frame()
	p.Path = "/office/members"
	return v.show(p)
}

// importTake takes the list that was shown.
func (u *UI) importTake(v *visit) error {
	err := v.confirmed()
	if err != nil {
		return err
	}
	change, err := u.Office.Take(v.r.Context(), v.me.ID, v.field("digest"))
	if err != nil {
		return err
	}
	return v.showImport(importPage{Change: change, Taken: true})
}
