package api

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/httpx"
	"isac/internal/notify"
)

// webhookJSON is a webhook of the person's, without its secret.
type webhookJSON struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	URL    string         `json:"url"`
	Format notice.Format  `json:"format"`
	Lang   string         `json:"lang"`
	AtOnce []hub.Severity `json:"at_once"` // besides critical
	Made   time.Time      `json:"made"`
}

func webhookOf(h notify.Hook) webhookJSON {
	out := webhookJSON{h.ID, h.Name, h.URL, h.Format, h.Lang, h.AtOnce, h.Made}
	if out.AtOnce == nil {
		out.AtOnce = []hub.Severity{}
	}
	return out
}

// webhookPage are all of a person's webhooks, and what didn't arrive.
type webhookPage struct {
	Webhooks    []webhookJSON `json:"webhooks"`
	Undelivered []notify.Dead `json:"undelivered"`
}

// newWebhookJSON asks for a webhook.
type newWebhookJSON struct {
	Name   string         `json:"name"`
	URL    string         `json:"url"`
	Format notice.Format  `json:"format"` // "json", "slack", "teams"
	Lang   string         `json:"lang"`   // of Slack and Teams: "ja" or "en"
	AtOnce []hub.Severity `json:"at_once"`
}

// madeWebhookJSON has the secret, this once.
type madeWebhookJSON struct {
	webhookJSON
	Secret string `json:"secret"` // "whsec_…"
}

func (a API) webhookList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	s, err := a.Notices.Of(r.Context(), who.ID)
	if err != nil {
		return err
	}
	given, err := a.Notices.Given(r.Context(), who.ID)
	if err != nil {
		return err
	}
	page := webhookPage{Webhooks: []webhookJSON{}, Undelivered: given}
	for _, h := range s.Hooks {
		page.Webhooks = append(page.Webhooks, webhookOf(h))
	}
	return httpx.WriteJSON(w, page)
}

func (a API) webhookMake(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var in newWebhookJSON
	err := httpx.ReadJSON(r, 1<<14, &in)
	if err != nil {
		return err
	}
	h, secret, err := a.Notices.AddHook(r.Context(), who.ID, notify.Hook{Name: in.Name, URL: in.URL, Format: in.Format, Lang: in.Lang, Choice: notice.Choice{AtOnce: in.AtOnce}})
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, madeWebhookJSON{webhookOf(h), secret})
}

func (a API) webhookTest(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	err := a.Notices.TryHook(r.Context(), who.ID, chi.URLParam(r, "webhook"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, result{"ok"})
}

func (a API) webhookRemove(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	err := a.Notices.DropHook(r.Context(), who.ID, chi.URLParam(r, "webhook"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, result{"ok"})
}

func (a API) webhookAgain(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	err := a.Notices.Again(r.Context(), who.ID, chi.URLParam(r, "message"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, result{"ok"})
}
