package member

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"isac/hub"
)

// API is the hub's JSON API as a person uses it, by access token.
type API struct {
	URL   string // "https://hub.example.jp", no final slash
	Token string
	Lang  string
	CA    string // PEM, to be trusted in place of the system's roots
}

// maxAnswer bounds what is read of an answer: the largest alert and more.
const maxAnswer = 64 << 20

// Get asks for path ("/alerts") and reads the JSON answer into v; a *[]byte gets
// the bytes as they are.
func (a API) Get(ctx context.Context, path string, query url.Values, v any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return a.do(ctx, http.MethodGet, path, nil, v)
}

// Stream asks for a path and writes the answer to out as it comes, without a bound. An
// answer that breaks off is an error.
func (a API) Stream(ctx context.Context, path string, query url.Values, out io.Writer) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	w, err := a.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode >= 300 {
		return refused(w)
	}
	_, err = io.Copy(out, w.Body)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return nil
}

// Post sends body as JSON and reads the JSON answer into v.
func (a API) Post(ctx context.Context, path string, body, v any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("asking the hub: %w", err)
	}
	return a.do(ctx, http.MethodPost, path, data, v)
}

func (a API) do(ctx context.Context, method, path string, body []byte, v any) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	w, err := a.ask(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if w.StatusCode >= 300 {
		return refused(w)
	}
	data, err := readAnswer(w)
	if err != nil {
		return err
	}
	return read(data, v)
}

func (a API) ask(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(a.URL, "/")+"/api/v1"+path, bytes.NewReader(body))
	if err == nil && (r.URL.Host == "" || r.URL.Scheme != "https" && r.URL.Scheme != "http") {
		err = errors.New("no http or https URL")
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "member.bad-url", Err: fmt.Errorf("asking the hub: %w", err)}
	}
	r.Header.Set("Authorization", "Bearer "+a.Token)
	r.Header.Set("Accept-Language", a.Lang)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	w, err := client.Do(r)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Unavailable, Text: "member.unreachable", Args: []string{a.URL}, Err: fmt.Errorf("asking the hub: %w", err)}
	}
	return w, nil
}

func readAnswer(w *http.Response) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
	if err != nil {
		return nil, &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return data, nil
}

// refused is what an answer says that isn't one.
func refused(w *http.Response) error {
	data, err := readAnswer(w)
	if err != nil {
		return err
	}
	return refusalOf(data)
}

// client is Go's own, unless the API has an authority of its own to trust.
func (a API) client() (*http.Client, error) {
	trust, err := trusting(a.CA)
	if err != nil || trust == nil {
		return http.DefaultClient, err
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig, t.DisableKeepAlives = trust, true
	return &http.Client{Transport: t}, nil
}

// refusalOf reads a problem+json answer; its title is in the user's language.
func refusalOf(data []byte) error {
	var p struct {
		Type  string `json:"type"`
		Title string `json:"title"`
	}
	err := json.Unmarshal(data, &p)
	if err != nil || p.Title == "" {
		return hub.E(hub.Unavailable, "member.no-answer")
	}
	_, kind, _ := strings.Cut(p.Type, "#")
	return hub.E(hub.ErrorKind(kind), "member.told", p.Title)
}

func read(data []byte, v any) error {
	if raw, ok := v.(*[]byte); ok {
		*raw = data
		return nil
	}
	err := json.Unmarshal(data, v)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return nil
}
