package taxii

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/stix"
	"isac/internal/httpx"
	"isac/internal/locale"
)

// statusJSON is the standard's status resource (4.3.1). Nothing is ever pending: what
// is a success is on disk, and the receipt says so.
type statusJSON struct {
	ID        string          `json:"id"`
	Status    string          `json:"status"`
	Requested string          `json:"request_timestamp"`
	Total     int             `json:"total_count"`
	Succeeded int             `json:"success_count"`
	Successes []statusDetail  `json:"successes,omitempty"`
	Failed    int             `json:"failure_count"`
	Failures  []statusDetail  `json:"failures,omitempty"`
	Pending   int             `json:"pending_count"`
	Receipt   *intake.Receipt `json:"x_isac_receipt"`
}

// statusDetail is what became of one object.
type statusDetail struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Message string `json:"message,omitempty"`
}

// objectsAdd answers POST objects (5.5): the objects of one envelope are one report.
func (s *Server) objectsAdd(q *request) error {
	c, err := q.collection()
	if err != nil {
		return err
	}
	if !q.writes(c) {
		return hub.E(hub.Forbidden, "taxii.not-written")
	}
	if !isTAXII(q.r.Header) {
		return errType
	}
	data, err := readBody(q.r)
	if err != nil {
		return err
	}
	entries, err := readEnvelope(data)
	if err != nil {
		return unfit{err}
	}
	report := bundle(entries)
	if report == nil {
		return unfit{hub.E(hub.Invalid, "taxii.no-good-object")}
	}
	receipt, err := s.Desk.ReportBy(q.r.Context(), q.who, report)
	if kind := hub.KindOf(err); kind == hub.Invalid || kind == hub.TooLarge {
		return unfit{err}
	}
	if err != nil {
		return err
	}
	return s.accepted(q, entries, receipt)
}

// accepted keeps the status of a report that is on disk, and answers with it.
func (s *Server) accepted(q *request, entries []entry, receipt *intake.Receipt) error {
	status := s.statusOf(q, entries, receipt)
	data, err := json.Marshal(status)
	if err != nil {
		return fmt.Errorf("writing status: %w", err)
	}
	err = s.keepStatus(q, status.ID, data)
	if err != nil { // the report is on disk, and its reporter is told so all the same
		s.Log.Error("status not kept", "class", string(hub.KindOf(err)))
	}
	q.w.Header().Set("Content-Type", mediaType)
	q.w.WriteHeader(http.StatusAccepted)
	_, _ = q.w.Write(data) // a client who left is no error of ours
	return nil
}

func (s *Server) statusOf(q *request, entries []entry, receipt *intake.Receipt) statusJSON {
	var random [16]byte
	rand.Read(random[:])
	now := instant(s.Now().UnixMilli())
	out := statusJSON{
		ID: strings.TrimPrefix(stix.NewID("status", random), "status--"), Status: "complete", Requested: now, Total: len(entries), Receipt: receipt,
	}
	for _, e := range entries {
		d := statusDetail{ID: e.id, Version: cmp.Or(e.version, now)}
		if e.good {
			out.Successes = append(out.Successes, d)
			continue
		}
		d.Message = locale.Text(httpx.Language(q.r), "taxii.bad-object")
		out.Failures = append(out.Failures, d)
	}
	out.Succeeded, out.Failed = len(out.Successes), len(out.Failures)
	return out
}

func (s *Server) keepStatus(q *request, id string, data []byte) error {
	now := s.Now()
	sealed, err := s.Ring.SealOwn(now, data)
	if err != nil {
		return err
	}
	// Whoever has hung up meanwhile asks for it later.
	return s.Statuses.KeepStatus(context.WithoutCancel(q.r.Context()), s.statusName(q, id), sealed, now)
}

// statusName leads from a person and a request to its status: nobody finds another's.
func (s *Server) statusName(q *request, id string) string {
	return s.Ring.LinkName("taxii", q.who.ID, id)
}

// status answers for one of the person's own requests that added objects (4.3).
func (s *Server) status(q *request) error {
	id := strings.ToLower(chi.URLParam(q.r, "id"))
	sealed, err := s.Statuses.Status(q.r.Context(), s.statusName(q, id), s.Now())
	if err != nil {
		return err
	}
	if sealed == nil {
		return hub.E(hub.NotFound, "error.not-found")
	}
	data, err := s.Ring.OpenOwn(sealed)
	if err != nil { // its epoch has ended
		return hub.E(hub.NotFound, "error.not-found")
	}
	return q.send(data)
}
