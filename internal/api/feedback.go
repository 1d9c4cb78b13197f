package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/httpx"
	"isac/internal/store"
)

// indicatorJSON is an indicator in the API: as released, and what it is worth today.
type indicatorJSON struct {
	store.IndicatorRow
	Standing feedback.Standing `json:"standing"`
	Told     []toldJSON        `json:"told,omitempty"`
}

// toldJSON is what is told of one answer.
type toldJSON struct {
	Answer  feedback.Answer `json:"answer"`
	AtLeast int             `json:"at_least"`
}

func toldOf(counts []feedback.Count) []toldJSON {
	out := []toldJSON{}
	for _, c := range counts {
		out = append(out, toldJSON{c.Answer, c.AtLeast})
	}
	return out
}

// standing adds what rows are worth today, and keeps those that are valid at an instant
// by that; all when it is zero.
func (a API) standing(ctx context.Context, who hub.Person, rows []store.IndicatorRow, validAt time.Time) ([]indicatorJSON, error) {
	var topics []feedback.Topic
	for _, r := range rows {
		topics = append(topics, feedback.OfIndicator(r.StixID))
	}
	told, err := a.Reading.Of(who).Public.ToldOf(ctx, topics)
	if err != nil {
		return nil, err
	}
	out := []indicatorJSON{}
	for n, r := range rows {
		counts := told[topics[n]]
		s := a.Ballot.Rules.Stand(r.Stated(), counts, a.Now())
		if validAt.IsZero() || s.ValidUntil.After(validAt) {
			out = append(out, indicatorJSON{r, s, toldOf(counts)})
		}
	}
	return out, nil
}

// questionJSON is a question of an alert's pulse.
type questionJSON struct {
	Question feedback.Question `json:"question"`
	Answers  []feedback.Answer `json:"answers"`
	Told     []toldJSON        `json:"told"`
}

// feedbackJSON is what is told of an alert's answers.
type feedbackJSON struct {
	Told      []toldJSON     `json:"told"`
	Questions []questionJSON `json:"questions"`
}

// takenJSON says that an answer was taken, and nothing of whether it counts.
type takenJSON struct {
	Taken bool `json:"taken"`
}

// feedbackShow answers GET /alerts/{id}/feedback: what is told of the answers about an
// alert, and what it asks.
func (a API) feedbackShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	row, err := a.served(r, who)
	if err != nil {
		return err
	}
	counts, err := a.Reading.Of(who).Public.Told(r.Context(), feedback.OfAlert(row.ID))
	if err != nil {
		return err
	}
	out := feedbackJSON{toldOf(counts), []questionJSON{}}
	asked, err := a.Ballot.Questions(r.Context(), row.Number)
	if err != nil {
		return err
	}
	for _, q := range asked {
		counts, err := a.Reading.Of(who).Public.Told(r.Context(), feedback.OfQuestion(row.ID, q))
		if err != nil {
			return err
		}
		out.Questions = append(out.Questions, questionJSON{q, q.Answers(), toldOf(counts)})
	}
	return httpx.WriteJSON(w, out)
}

// answerJSON is the body of an answer.
type answerJSON struct {
	Question feedback.Question `json:"question"`
	Answer   feedback.Answer   `json:"answer"`
}

// feedbackAlert answers POST /alerts/{id}/feedback: an answer about an alert, or to a
// question of it.
func (a API) feedbackAlert(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	_, err := a.served(r, who)
	if err != nil {
		return err
	}
	return a.cast(w, r, who, feedback.Request{Alert: chi.URLParam(r, "id")})
}

// feedbackIndicator answers POST /indicators/{id}/feedback, by STIX id.
func (a API) feedbackIndicator(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	return a.cast(w, r, who, feedback.Request{Value: chi.URLParam(r, "id")})
}

func (a API) cast(w http.ResponseWriter, r *http.Request, who hub.Person, q feedback.Request) error {
	var body answerJSON
	err := httpx.ReadJSON(r, 1<<12, &body)
	if err != nil {
		return err
	}
	q.Question, q.Answer = body.Question, body.Answer
	err = a.Ballot.Cast(r.Context(), who, q)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, takenJSON{true})
}

// pulseExport answers GET /pulse.csv, for the ministry: what is told of every question.
func (a API) pulseExport(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !who.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	counts, err := a.Reading.Of(who).Public.Told(r.Context(), "")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	_ = feedback.PulseCSV(w, counts) // a reader who left is no error of ours
	return nil
}

// toldShow answers GET /told: the newest telling as the hub signed it.
func (a API) toldShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !a.Reading.Of(who).Whole { // it is signed as a whole, and names every alert
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	data, signature, err := a.Ballot.Newest(r.Context())
	return writeSigned(w, "application/json", data, signature, err)
}

// toldBundle answers GET /told/bundle: the indicators that the newest telling changes.
func (a API) toldBundle(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !a.Reading.Of(who).Whole {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	data, signature, err := a.Ballot.Update(r.Context())
	return writeSigned(w, "application/stix+json;version=2.1", data, signature, err)
}

func writeSigned(w http.ResponseWriter, kind string, data, signature []byte, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Isac-Signature", base64.StdEncoding.EncodeToString(signature))
	_, _ = w.Write(data) // a reader who left is no error of ours
	return nil
}
