package hubtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Answer is what the JSON API answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the answer into v.
func (a Answer) Into(h *Hub, v any) {
	h.T.Helper()
	if a.Status != http.StatusOK {
		h.T.Fatalf("answer %d: %s", a.Status, a.Body)
	}
	h.must(json.Unmarshal(a.Body, v))
}

// Get asks the JSON API over HTTP; a zero person has no token.
func (h *Hub) Get(p Person, path string) Answer {
	h.T.Helper()
	return h.Do(p, http.MethodGet, path, nil)
}

// Post sends body as JSON.
func (h *Hub) Post(p Person, path string, body any) Answer {
	h.T.Helper()
	data, err := json.Marshal(body)
	h.must(err)
	return h.Do(p, http.MethodPost, path, data)
}

// Do sends a request as it is.
func (h *Hub) Do(p Person, method, path string, body []byte) Answer {
	h.T.Helper()
	r, err := http.NewRequestWithContext(h.T.Context(), method, h.BaseURL+"/api/v1"+path, bytes.NewReader(body))
	h.must(err)
	if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	r.Header.Set("Accept-Language", "en")
	w, err := http.DefaultClient.Do(r)
	h.must(err)
	defer w.Body.Close()
	if w.Header.Get("Content-Type") == "text/event-stream" { // which goes on: what it begins with will do
		line, err := bufio.NewReader(w.Body).ReadBytes('\n')
		h.must(err)
		return Answer{w.StatusCode, w.Header, line}
	}
	data, err := io.ReadAll(w.Body)
	h.must(err)
	return Answer{w.StatusCode, w.Header, data}
}
