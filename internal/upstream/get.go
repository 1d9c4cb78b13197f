package upstream

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/outside"
)

const (
	patience      = 2 * time.Minute // for a whole answer
	mostRedirects = 5
)

// answer is what a server said.
type answer struct {
	body           []byte
	etag, modified string
	first, last    string // X-TAXII-Date-Added-First and -Last
	unchanged      bool
	status         int
}

// client calls for a source: no address inside, no proxy of the environment, no cookie.
func (s Source) client() *http.Client {
	dialer := &net.Dialer{Timeout: 15 * time.Second, Control: s.Control}
	return &http.Client{
		Timeout: patience,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > mostRedirects || s.Rule.Check(r.URL.String()) != nil {
				return outside.ErrInside
			}
			return nil // net/http takes the credentials off where the host is another
		},
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableCompression: true, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: time.Minute, ForceAttemptHTTP2: true,
		},
	}
}

// get fetches one answer, bounded in time and size.
func (r *round) get(ctx context.Context, address, accept string) (answer, error) {
	unreachable := hub.E(hub.Unavailable, "upstream.unreachable") // a cause could hold the address
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || r.s.Rule.Check(address) != nil {
		return answer{}, hub.E(hub.Forbidden, "webhook.inside")
	}
	q.Header.Set("Accept", accept)
	q.Header.Set("Accept-Encoding", "gzip")
	q.Header.Set("User-Agent", "isac")
	switch {
	case r.s.User != "":
		q.SetBasicAuth(r.s.User, r.s.Secret)
	case r.s.Secret != "":
		q.Header.Set("Authorization", "Bearer "+r.s.Secret)
	}
	if r.s.Form != TAXII {
		set(q.Header, "If-None-Match", r.c.ETag)
		set(q.Header, "If-Modified-Since", r.c.Modified)
	}
	w, err := r.s.client().Do(q)
	if errors.Is(err, outside.ErrInside) {
		return answer{}, hub.E(hub.Forbidden, "webhook.inside")
	}
	if err != nil {
		return answer{}, unreachable
	}
	defer w.Body.Close()
	h := w.Header
	a := answer{
		etag: short(h.Get("ETag")), modified: short(h.Get("Last-Modified")), status: w.StatusCode,
		first: short(h.Get("X-TAXII-Date-Added-First")), last: short(h.Get("X-TAXII-Date-Added-Last")),
	}
	switch {
	case w.StatusCode == http.StatusNotModified:
		a.unchanged = true
		return a, nil
	case w.StatusCode == http.StatusUnauthorized || w.StatusCode == http.StatusForbidden:
		return a, hub.E(hub.Unsigned, "upstream.refused")
	case w.StatusCode != http.StatusOK:
		return a, hub.E(hub.Unavailable, "upstream.refused")
	case !r.typed(first(h.Get("Content-Type"))):
		return a, wrong("wrong-type")
	}
	a.body, err = read(w.Body, h.Get("Content-Encoding"))
	return a, err
}

func set(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

// short is a header that is worth keeping.
func short(s string) string {
	if len(s) > 500 {
		return ""
	}
	return s
}

// typed reports whether a media type can be that of a document. Many servers name feeds
// anyhow, so only what is surely something else is refused; TAXII has one type.
func (r *round) typed(media string) bool {
	if r.s.Form == TAXII {
		return media == "application/taxii+json"
	}
	for _, part := range []string{"json", "xml", "text/plain", "octet-stream"} {
		if strings.Contains(media, part) && !strings.Contains(media, "html") {
			return true
		}
	}
	return media == ""
}

// read reads a body up to the bound, packed and unpacked.
func read(body io.Reader, encoding string) ([]byte, error) {
	large := hub.E(hub.TooLarge, "advisory.too-large")
	packed := &io.LimitedReader{R: body, N: advisory.Largest + 1}
	var in io.Reader = packed
	switch strings.ToLower(encoding) {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, wrong("wrong-type")
		}
		in = z
	default:
		return nil, wrong("wrong-type")
	}
	data, err := io.ReadAll(io.LimitReader(in, advisory.Largest+1))
	switch {
	case len(data) > advisory.Largest || packed.N == 0:
		return nil, large
	case err != nil:
		return nil, hub.E(hub.Unavailable, "upstream.unreachable")
	}
	return data, nil
}
