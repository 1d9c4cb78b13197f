package taxii

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/locale"
	"isac/internal/store"
)

// collection is one of the server's collections. Ids are UUIDv4 for ever: some clients
// refuse others, and all keep them in their settings.
type collection struct {
	id, name string // of the view
	alias    string
}

// reports takes reports and gives nothing back. It is one for all members.
var reports = collection{"b8f4d1c2-6a07-4e3b-9d55-1f0c7be2a934", "", "reports"}

// offered are the collections that are read, all alerts first.
var offered = []collection{
	{"fd8e6f02-f549-47f5-bb35-7aef9af97a74", store.CollectionAll, "all"},
	{"c4a76612-1452-47c5-bd4b-837a0259687a", store.CollectionIndicators, "indicators"},
	{"6e5984e8-ba4f-4e1a-99f0-2568c48d9456", "severity:" + string(hub.Critical), "critical"},
	{"933c00cc-03dc-4126-82e8-44e1020c9a2d", "severity:" + string(hub.High), "high"},
	{"e6faf6b4-b076-4cc2-a8a8-b941d334cb8a", "severity:" + string(hub.Medium), "medium"},
	{"47c228d4-2cec-436c-9782-26a3adb5b92b", "severity:" + string(hub.Low), "low"},
	{"2aca93ad-4822-4c72-bd0b-3ffe9084f143", "tlp:" + string(hub.TLPClear), "tlp-clear"},
	{"029c2cf4-315a-4505-967e-4229081fe347", "tlp:" + string(hub.TLPGreen), "tlp-green"},
	{"36d35f26-fb48-4a54-aae5-e2b9e0c2dc3c", "tlp:" + string(hub.TLPAmber), "tlp-amber"},
	{"1ab6a3ca-b2ce-4ae8-b564-40e0ccddbd4e", "tlp:" + string(hub.TLPAmberStrict), "tlp-amber-strict"},
}

// collectionJSON is the standard's collection resource (5.2).
type collectionJSON struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Alias       string   `json:"alias"`
	CanRead     bool     `json:"can_read"`
	CanWrite    bool     `json:"can_write"`
	MediaTypes  []string `json:"media_types"`
}

// resource is a collection as who asks may use it.
func (q *request) resource(c collection) collectionJSON {
	lang, about := httpx.Language(q.r), "taxii.description"
	if c == reports {
		about = "taxii.description.reports"
	}
	return collectionJSON{
		ID: c.id, Title: locale.Text(lang, "taxii.title."+c.alias), Description: locale.Text(lang, about),
		Alias: c.alias, CanRead: q.reads(c), CanWrite: q.writes(c), MediaTypes: []string{stixType},
	}
}

func (q *request) reads(c collection) bool  { return q.may.read && c != reports }
func (q *request) writes(c collection) bool { return q.may.report && c == reports }

// discovery answers GET /taxii2/ (4.1).
func (s *Server) discovery(q *request) error {
	return q.write(map[string]any{
		"title": s.Name, "description": locale.Text(httpx.Language(q.r), "taxii.about"), "default": root, "api_roots": []string{root},
	})
}

// apiRoot answers GET of the API root (4.2).
func (s *Server) apiRoot(q *request) error {
	return q.write(map[string]any{"title": s.Name, "versions": []string{mediaType}, "max_content_length": largestBody})
}

// collections answers GET collections (5.1).
func (s *Server) collections(q *request) error {
	var list []collectionJSON
	for _, c := range slices.Concat(offered, []collection{reports}) {
		list = append(list, q.resource(c))
	}
	return q.write(map[string]any{"collections": list})
}

// collection answers GET of one collection (5.2).
func (s *Server) collection(q *request) error {
	c, err := q.collection()
	if err != nil {
		return err
	}
	return q.write(q.resource(c))
}

// collection is the one that the path names, by id or alias.
func (q *request) collection() (collection, error) {
	name := chi.URLParam(q.r, "collection")
	for _, c := range slices.Concat(offered, []collection{reports}) {
		if name == c.id || name == c.alias {
			return c, nil
		}
	}
	return collection{}, hub.E(hub.NotFound, "error.not-found")
}

func (q *request) write(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing answer: %w", err)
	}
	return q.send(data)
}

// send answers with a body, or says that the client has it already.
func (q *request) send(data []byte) error {
	tag := `"` + hub.Sum(data).String()[:32] + `"`
	h := q.w.Header()
	h.Set("ETag", tag)
	if q.r.Header.Get("If-None-Match") == tag {
		q.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", mediaType)
	_, _ = q.w.Write(data) // a client who left is no error of ours
	return nil
}
