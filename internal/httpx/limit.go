package httpx

import (
	"net"
	"net/http"
	"time"

	"github.com/go-chi/httprate"

	"isac/hub"
)

// A program that asks without end must not slow everybody else: requests are counted by
// credential, or by address where there is none. A credential is counted by its digest.

// window is over how long requests are counted, so that short bursts pass.
const window = 10 * time.Second

// WithoutCredential is how many requests a second an address may send that shows none.
const WithoutCredential = 200

// Limit lets through so many requests a second of each credential, and answers others by
// refuse with status 429. Answers say how much is left (draft-ietf-httpapi-ratelimit-headers-03).
func Limit(perSecond int, refuse http.HandlerFunc) func(http.Handler) http.Handler {
	seconds := int(window / time.Second)
	limited := func(rate int) func(http.Handler) http.Handler {
		return httprate.Limit(rate*seconds, window, httprate.WithKeyFuncs(asker), httprate.WithLimitHandler(refuse), httprate.WithResponseHeaders(httprate.ResponseHeaders{
			Limit: "RateLimit-Limit", Remaining: "RateLimit-Remaining", Reset: "RateLimit-Reset", RetryAfter: "Retry-After",
		}))
	}
	known, unknown := limited(perSecond), limited(min(perSecond, WithoutCredential))
	return func(next http.Handler) http.Handler {
		with, without := known(next), unknown(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" && certificate(r) == nil {
				without.ServeHTTP(w, r)
				return
			}
			with.ServeHTTP(w, r)
		})
	}
}

// asker is whom a request counts for.
func asker(r *http.Request) (string, error) {
	credential := r.Header.Get("Authorization")
	if credential != "" {
		return hub.Sum([]byte(credential)).String(), nil
	}
	if shown := certificate(r); shown != nil {
		return hub.Sum(shown).String(), nil
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return host, nil
}

// certificate is that of the client, nil for none.
func certificate(r *http.Request) []byte {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	return r.TLS.PeerCertificates[0].Raw
}

// TooMany is the answer to one request too many, as problem+json.
func TooMany(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, hub.E(hub.TooOften, "http.too-often"), requestID())
}
