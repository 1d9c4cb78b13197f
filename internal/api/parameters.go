package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"isac/hub"
)

// parameters are the query of a request, each given at most once and known.
type parameters struct {
	values url.Values
	err    error
}

// withParameters reads the query of a request for its handler, which finds it by given.
func withParameters(r *http.Request, known []string) (*http.Request, error) {
	p, err := parametersOf(r, known)
	if err != nil {
		return nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), parametersKey{}, p)), nil
}

type parametersKey struct{}

// given are the parameters of a request.
func given(r *http.Request) *parameters {
	p, _ := r.Context().Value(parametersKey{}).(*parameters)
	return p
}

func parametersOf(r *http.Request, known []string) (*parameters, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, hub.E(hub.Invalid, "http.bad-parameter", "?")
	}
	allowed := map[string]bool{}
	for _, k := range known {
		allowed[k] = true
	}
	for k, v := range values {
		if !allowed[k] {
			// Told is what can be given, not what was: no answer repeats a caller's words.
			return nil, hub.E(hub.Invalid, "http.unknown-parameter", strings.Join(known, ", "))
		}
		if len(v) != 1 || len(v[0]) > 4096 {
			return nil, hub.E(hub.Invalid, "http.bad-parameter", k)
		}
	}
	return &parameters{values: values}, nil
}

func (p *parameters) bad(name string) {
	if p.err == nil {
		p.err = hub.E(hub.Invalid, "http.bad-parameter", name)
	}
}

func (p *parameters) text(name string) string { return p.values.Get(name) }

func (p *parameters) number(name string, largest int64) int64 {
	s := p.values.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || n > largest {
		p.bad(name)
		return 0
	}
	return n
}

func (p *parameters) oneOf(name string, known ...string) string {
	s := p.values.Get(name)
	for _, k := range known {
		if s == k {
			return s
		}
	}
	if s != "" {
		p.bad(name)
	}
	return ""
}

func (p *parameters) time(name string) time.Time {
	s := p.values.Get(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		p.bad(name)
	}
	return t
}
