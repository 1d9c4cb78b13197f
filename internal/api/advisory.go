package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/httpx"
	"isac/internal/store"
)

// advisoryJSON is a released advisory in a list. Yours says that it is on something that
// who asks says she runs.
type advisoryJSON struct {
	alertJSON
	Yours bool `json:"yours"`
}

type advisoryPage struct {
	Advisories []advisoryJSON `json:"advisories"`
	Next       string         `json:"next"`
}

// advisoryFull is one with the publisher's words.
type advisoryFull struct {
	advisoryJSON
	Advisory advisory.Advisory `json:"advisory"`
}

// advisoryList answers GET /advisories?next=&since=&limit=, newest first.
func (a API) advisoryList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	p := given(r)
	q := alertQuery(p, "product", "cve")
	q.Stage = hub.Advisory
	if p.Err() != nil {
		return p.Err()
	}
	rows, err := a.Reading.Of(who).Public.Alerts(r.Context(), q)
	if err != nil {
		return err
	}
	page := advisoryPage{Advisories: []advisoryJSON{}, Next: nextAlerts(rows, q)}
	for _, row := range rows {
		one, err := a.advisoryOf(r, who, row)
		if err != nil {
			return err
		}
		page.Advisories = append(page.Advisories, one)
	}
	return httpx.WriteJSON(w, page)
}

func (a API) advisoryOf(r *http.Request, who hub.Person, row store.AlertRow) (advisoryJSON, error) {
	out := advisoryJSON{alertJSON: alertOf(row)}
	names, err := a.Reading.Of(who).Public.NamesOf(r.Context(), row.Number)
	if err != nil {
		return out, err
	}
	s, err := a.Notices.Of(r.Context(), who.ID)
	if err != nil {
		return out, err
	}
	out.Names = names
	out.Yours = slices.ContainsFunc(names, func(n store.NameRow) bool {
		return n.Class == string(hub.Product) && slices.Contains(s.Products, n.Value)
	})
	return out, nil
}

// advisory returns the advisory of the path.
func (a API) advisory(r *http.Request, who hub.Person) (store.AlertRow, advisory.Advisory, error) {
	row, err := a.served(r, who)
	if err != nil {
		return row, advisory.Advisory{}, err
	}
	if row.Stage != hub.Advisory || row.Kind.Back() {
		return row, advisory.Advisory{}, hub.E(hub.NotFound, "error.not-found")
	}
	out, err := advisory.Of(row.Bundle)
	return row, out, err
}

// advisoryShow answers GET /advisories/{id}.
func (a API) advisoryShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, full, err := a.advisory(r, who)
	if err != nil {
		return err
	}
	one, err := a.advisoryOf(r, who, row)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, advisoryFull{one, full})
}

// advisoryDocument answers GET /advisories/{id}/csaf with a document of CSAF 2.0.
func (a API) advisoryDocument(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, full, err := a.advisory(r, who)
	if err != nil {
		return err
	}
	versions, err := a.Reading.Of(who).Public.Versions(r.Context(), row.ID)
	if err != nil {
		return err
	}
	data, err := full.Document(advisory.Issue{Hub: a.Feeds.Name, Base: a.Feeds.URL, Version: row.Version, Versions: versions}, a.Feeds.Vocab)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data) // a reader who left is no error of ours
	return nil
}

// relayJSON is an advisory before the working group.
type relayJSON struct {
	advisory.Advisory
	State  advisory.State `json:"state"`
	Since  time.Time      `json:"since"`
	Due    time.Time      `json:"due"`             // when it should have been decided
	Names  bool           `json:"names"`           // its words name an organisation of the sector
	Digest hub.Digest     `json:"digest,omitzero"` // to be signed for "advisory"
}

// relayPage are these, and how their sources were last read.
type relayPage struct {
	Advisories []relayJSON            `json:"advisories"`
	Sources    []advisory.SourceState `json:"sources"`
}

// relayList answers GET /relay with what waits and what was decided.
func (a API) relayList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	list, err := a.Desk.Advisories(r.Context(), who)
	if err != nil {
		return err
	}
	sources, err := a.Desk.SourceStates(r.Context(), who)
	if err != nil {
		return err
	}
	page := relayPage{[]relayJSON{}, append([]advisory.SourceState{}, sources...)}
	for _, n := range list {
		one := relayJSON{Advisory: n.Advisory, State: n.State, Since: n.Since, Due: n.Since.Add(advisory.Target), Names: n.Names}
		if n.State == advisory.Waits {
			one.Digest = n.Digest()
		}
		page.Advisories = append(page.Advisories, one)
	}
	return httpx.WriteJSON(w, page)
}

// relayWord is a moderator's word on an advisory.
type relayWord struct {
	Digest    hub.Digest `json:"digest,omitzero"`     // what was signed
	Signature []byte     `json:"signature,omitempty"` // of an approval, for the purpose "advisory" over its digest
}

// relayDecide takes POST /relay/{id}/approve|decline.
func (a API) relayDecide(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body relayWord
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.DecideAdvisory(r.Context(), who, chi.URLParam(r, "id"), chi.URLParam(r, "decision"), body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}

// productsJSON are the product families that a person says she runs, and all that there are.
type productsJSON struct {
	Products []string      `json:"products"`
	Known    []productName `json:"known"`
}

type productName struct {
	ID   string   `json:"id"`
	Name hub.Text `json:"name"`
}

// setProductsJSON says which families there are from now on.
type setProductsJSON struct {
	Products []string `json:"products"`
}

// productShow answers GET /products.
func (a API) productShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	s, err := a.Notices.Of(r.Context(), who.ID)
	if err != nil {
		return err
	}
	out := productsJSON{Products: append([]string{}, s.Products...), Known: []productName{}}
	for _, e := range a.Desk.Vocabulary().Entries(hub.Product) {
		out.Known = append(out.Known, productName{e.ID, e.Label})
	}
	return httpx.WriteJSON(w, out)
}

// productSet takes POST /products {"products": […]}.
func (a API) productSet(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body setProductsJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Notices.SetProducts(r.Context(), who.ID, body.Products)
	if err != nil {
		return err
	}
	return done(w)
}
