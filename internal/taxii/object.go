package taxii

import (
	"context"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/store"
)

// objects answers GET objects (5.4) with the bytes as they were released.
func (s *Server) objects(q *request) error {
	return s.page(q, filters{id: true, typ: true, version: true}, "", s.objectList)
}

// object answers GET of one object (5.6).
func (s *Server) object(q *request) error {
	return s.page(q, filters{version: true}, chi.URLParam(q.r, "object"), s.objectList)
}

// versions answers GET of an object's versions (5.8).
func (s *Server) versions(q *request) error {
	return s.page(q, filters{}, chi.URLParam(q.r, "object"), s.versionList)
}

// manifest answers GET manifest (5.3): the same entries as objects, in the same order.
func (s *Server) manifest(q *request) error {
	return s.page(q, filters{id: true, typ: true, version: true}, "", s.manifestList)
}

// lister gives the entries of a page as the list of an answer, with its name.
// The list comes in parts, between which commas go.
type lister func(context.Context, store.EntryQuery) (name string, list [][]byte, page store.Page, err error)

func (s *Server) page(q *request, f filters, object string, list lister) error {
	c, err := q.collection()
	if err != nil {
		return err
	}
	if !q.reads(c) {
		return hub.E(hub.Forbidden, "taxii.not-read")
	}
	query, err := parse(q.r.URL.RawQuery, store.EntryQuery{Collection: c.name, Twins: c.twins, Sees: q.sees}, f, object)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(q.r.Context()) // pages are short
	if object != "" {
		there, err := s.Public.Holds(ctx, query, object)
		if err != nil {
			return err
		}
		if !there {
			return hub.E(hub.NotFound, "error.not-found")
		}
	}
	name, parts, page, err := list(ctx, query)
	if err != nil {
		return err
	}
	if page.Count == 0 {
		return q.send([]byte("{}"))
	}
	h := q.w.Header()
	h.Set("X-TAXII-Date-Added-First", instant(page.First))
	h.Set("X-TAXII-Date-Added-Last", instant(page.Last.Added))
	head := "{"
	if page.More {
		head = `{"more":true,"next":"` + token(query, page.Last) + `",`
	}
	q.sendParts(head+`"`+name+`":[`, parts)
	return nil
}

// sendParts answers with a list without joining its parts.
func (q *request) sendParts(head string, parts [][]byte) {
	length, sum := len(head)+len(parts)-1+len("]}"), uint32(0)
	for _, part := range parts {
		length += len(part)
		sum = crc32.Update(sum, castagnoli, part)
	}
	// The tag guards nothing, so its sums need only be quick and different.
	of := hub.Sum([]byte(head))
	if q.has(hex.EncodeToString(of[:8]) + fmt.Sprintf("%08x%08x", sum, length)) {
		return
	}
	q.body(length)
	_, _ = io.WriteString(q.w, head) // a client who left is no error of ours
	for i, part := range parts {
		if i > 0 {
			_, _ = q.w.Write([]byte(","))
		}
		_, _ = q.w.Write(part)
	}
	_, _ = q.w.Write([]byte("]}"))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *Server) objectList(ctx context.Context, q store.EntryQuery) (string, [][]byte, store.Page, error) {
	list, page, err := s.Public.Objects(ctx, q)
	return "objects", list, page, err
}

func (s *Server) versionList(ctx context.Context, q store.EntryQuery) (string, [][]byte, store.Page, error) {
	rows, page, err := s.Public.Records(ctx, q)
	var b []byte
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, r.Version)
	}
	return "versions", [][]byte{b}, page, err
}

// manifestList writes manifest records (5.3.1). Ids and versions are the hub's own and
// hold nothing that JSON would escape.
func (s *Server) manifestList(ctx context.Context, q store.EntryQuery) (string, [][]byte, store.Page, error) {
	rows, page, err := s.Public.Records(ctx, q)
	var b []byte
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":"`...)
		b = append(b, r.ID...)
		b = append(b, `","date_added":"`...)
		b = appendInstant(b, r.Added)
		b = append(b, `","version":"`...)
		b = append(b, r.Version...)
		b = append(b, `","media_type":"`+stixType+`"}`...)
	}
	return "objects", [][]byte{b}, page, err
}
