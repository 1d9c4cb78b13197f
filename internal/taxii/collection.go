package taxii

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/locale"
	"isac/internal/store"
)

// collection is one of the server's collections. Ids are UUIDv4 for ever: some clients
// refuse others, and all keep them in their settings.
type collection struct {
	id, twin string // twin is the id of the same for tools that know TLP 1 alone
	name     string // of the view
	alias    string
	twins    bool    // is the twin
	tlp      hub.TLP // that alone is in it; "" for several
}

// reports takes reports and gives nothing back. It is one for all members.
var reports = collection{id: "b8f4d1c2-6a07-4e3b-9d55-1f0c7be2a934", alias: "reports"}

// offered are the collections that are read, all alerts first, and their twins after
// them.
var offered = withTwins([]collection{
	{id: "fd8e6f02-f549-47f5-bb35-7aef9af97a74", twin: "81244031-f331-41a4-b7da-6ae53136b4a4", name: store.CollectionAll, alias: "all"},
	{id: "c4a76612-1452-47c5-bd4b-837a0259687a", twin: "17e5a778-2f00-4f69-9901-ac4cf621c4f3", name: store.CollectionIndicators, alias: "indicators"},
	{id: "2e3daf24-8a11-47e4-9d49-a0ee8359ef66", twin: "be06cb3f-c247-4306-8e33-9fb8e3606bfe", name: store.CollectionAdvisories, alias: "advisories"},
	{id: "6e5984e8-ba4f-4e1a-99f0-2568c48d9456", twin: "3a6a44cb-c834-446b-a4b3-8c4c4a228a2e", name: "severity:" + string(hub.Critical), alias: "critical"},
	{id: "933c00cc-03dc-4126-82e8-44e1020c9a2d", twin: "e7595f27-0277-4313-9638-2e8b6c47aca9", name: "severity:" + string(hub.High), alias: "high"},
	{id: "e6faf6b4-b076-4cc2-a8a8-b941d334cb8a", twin: "37d6f568-beb9-4509-a44a-e92a1ca0a97e", name: "severity:" + string(hub.Medium), alias: "medium"},
	{id: "47c228d4-2cec-436c-9782-26a3adb5b92b", twin: "915773ef-cf15-45bd-be65-086e37d80953", name: "severity:" + string(hub.Low), alias: "low"},
	{id: "2aca93ad-4822-4c72-bd0b-3ffe9084f143", twin: "c0532bb8-624e-40c2-894a-ee6910b2ed0d", name: "tlp:" + string(hub.TLPClear), alias: "tlp-clear", tlp: hub.TLPClear},
	{id: "029c2cf4-315a-4505-967e-4229081fe347", twin: "eb3fae45-05ab-4026-84d0-0e1d0ac3d15b", name: "tlp:" + string(hub.TLPGreen), alias: "tlp-green", tlp: hub.TLPGreen},
	{id: "36d35f26-fb48-4a54-aae5-e2b9e0c2dc3c", twin: "9112e020-d254-4e94-a51f-a648bc4a36b0", name: "tlp:" + string(hub.TLPAmber), alias: "tlp-amber", tlp: hub.TLPAmber},
	{id: "1ab6a3ca-b2ce-4ae8-b564-40e0ccddbd4e", twin: "73e1c356-ee29-444d-bbf0-e5e130459465", name: "tlp:" + string(hub.TLPAmberStrict), alias: "tlp-amber-strict", tlp: hub.TLPAmberStrict},
})

// known are all collections.
var known = slices.Concat(offered, []collection{reports})

func withTwins(list []collection) []collection {
	out := slices.Clone(list)
	for _, c := range list {
		c.id, c.alias, c.twins = c.twin, c.alias+"-tlp1", true
		out = append(out, c)
	}
	return out
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
	lang := httpx.Language(q.r)
	title, about := locale.Text(lang, "taxii.title."+strings.TrimSuffix(c.alias, "-tlp1")), "taxii.description"
	switch {
	case c == reports:
		about = "taxii.description.reports"
	case c.twins:
		title, about = locale.Text(lang, "taxii.title.twin", title), "taxii.description.twin"
	}
	return collectionJSON{
		ID: c.id, Title: title, Description: locale.Text(lang, about),
		Alias: c.alias, CanRead: q.reads(c), CanWrite: q.writes(c), MediaTypes: []string{stixType},
	}
}

func (q *request) reads(c collection) bool { return q.may.read && c != reports }

// knows reports whether who asks may know of a collection at all.
func (q *request) knows(c collection) bool { return c.tlp == "" || slices.Contains(q.sees, c.tlp) }

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
	for _, c := range known {
		if q.knows(c) {
			list = append(list, q.resource(c))
		}
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
	for _, c := range known {
		if (name == c.id || name == c.alias) && q.knows(c) {
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
	if q.has(hub.Sum(data).String()[:32]) {
		return nil
	}
	q.body(len(data))
	_, _ = q.w.Write(data) // a client who left is no error of ours
	return nil
}

// has answers a client that has what the tag stands for.
func (q *request) has(tag string) bool {
	tag = `"` + tag + `"`
	q.w.Header().Set("ETag", tag)
	for _, have := range q.r.Header.Values("If-None-Match") {
		for _, one := range strings.Split(have, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				q.w.WriteHeader(http.StatusNotModified)
				return true
			}
		}
	}
	return false
}

// body begins an answer of so many bytes.
func (q *request) body(length int) {
	h := q.w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(length))
}
