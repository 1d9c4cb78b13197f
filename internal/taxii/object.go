package taxii

import (
	"bytes"
	"encoding/json"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/store"
)

// objects answers GET objects (5.4) with the bytes as they were released.
func (s *Server) objects(q *request) error {
	return s.page(q, filters{id: true, typ: true, version: true}, "", writeObjects)
}

// object answers GET of one object (5.6).
func (s *Server) object(q *request) error {
	return s.page(q, filters{version: true}, chi.URLParam(q.r, "object"), writeObjects)
}

// versions answers GET of an object's versions (5.8).
func (s *Server) versions(q *request) error {
	return s.page(q, filters{}, chi.URLParam(q.r, "object"), writeVersions)
}

// manifest answers GET manifest (5.3): the same entries as objects, in the same order.
func (s *Server) manifest(q *request) error {
	return s.page(q, filters{id: true, typ: true, version: true}, "", writeManifest)
}

// writer writes the entries of a page as the list of an answer, "" for none.
type writer func([]store.EntryRow) ([]byte, error)

func (s *Server) page(q *request, f filters, object string, write writer) error {
	c, err := q.collection()
	if err != nil {
		return err
	}
	if !q.reads(c) {
		return hub.E(hub.Forbidden, "taxii.not-read")
	}
	if object != "" {
		there, err := s.Public.Holds(q.r.Context(), c.name, object)
		if err != nil {
			return err
		}
		if !there {
			return hub.E(hub.NotFound, "error.not-found")
		}
	}
	query, err := parse(q.r.URL.Query(), c, f, object)
	if err != nil {
		return err
	}
	if object != "" && !f.version {
		query.All = true // the versions themselves
		err := follow(&query, q.r.URL.Query().Get("next"))
		if err != nil {
			return err
		}
	}
	rows, more, err := s.Public.Objects(q.r.Context(), query)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return q.send([]byte("{}"))
	}
	last := rows[len(rows)-1]
	h := q.w.Header()
	h.Set("X-TAXII-Date-Added-First", instant(rows[0].Added))
	h.Set("X-TAXII-Date-Added-Last", instant(last.Added))
	list, err := write(rows)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteByte('{')
	if more {
		b.WriteString(`"more":true,"next":"` + token(query, last.Position) + `",`)
	}
	b.Write(list)
	b.WriteByte('}')
	return q.send(b.Bytes())
}

func writeObjects(rows []store.EntryRow) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`"objects":[`)
	for i, r := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(r.Body)
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

func writeVersions(rows []store.EntryRow) ([]byte, error) {
	var list []string
	for _, r := range rows {
		list = append(list, r.Version)
	}
	data, err := json.Marshal(list)
	return append([]byte(`"versions":`), data...), err
}

// record is one of a manifest (5.3).
type record struct {
	ID        string `json:"id"`
	DateAdded string `json:"date_added"`
	Version   string `json:"version"`
	MediaType string `json:"media_type"`
}

func writeManifest(rows []store.EntryRow) ([]byte, error) {
	var list []record
	for _, r := range rows {
		list = append(list, record{r.ID, instant(r.Added), r.Version, stixType})
	}
	data, err := json.Marshal(list)
	return append([]byte(`"objects":`), data...), err
}
