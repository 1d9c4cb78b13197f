package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/feedback"
	"isac/internal/console"
	"isac/internal/member"
)

func envOr(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// access adds the flags of the JSON API; call api after Parse.
type access struct{ url, tokenFile, ca string }

func accessFlags(e *console.Env) *access {
	a := &access{}
	e.Flags.StringVar(&a.url, "api", envOr("ISAC_API", "https://localhost:8443"), "")
	e.Flags.StringVar(&a.tokenFile, "token-file", os.Getenv("ISAC_TOKEN_FILE"), "")
	e.Flags.StringVar(&a.ca, "ca", os.Getenv("ISAC_CA"), "")
	return a
}

// given reports whether there is a token.
func (a *access) given() bool { return a.tokenFile != "" || os.Getenv("ISAC_TOKEN") != "" }

// api reads the token from its file, or from ISAC_TOKEN; never from the command
// line, where every user of the machine could see it.
func (a *access) api(e *console.Env) (member.API, error) {
	token := os.Getenv("ISAC_TOKEN")
	if a.tokenFile != "" {
		data, err := e.ReadFile(a.tokenFile, 4096)
		if err != nil {
			return member.API{}, err
		}
		token = string(data)
	}
	api := member.API{URL: a.url, Token: strings.TrimSpace(token), Lang: e.Lang}
	if api.Token == "" {
		return api, hub.E(hub.Unsigned, "isac.no-token")
	}
	if len(strings.Fields(api.Token)) > 1 {
		return api, hub.E(hub.Unsigned, "isac.bad-token")
	}
	if a.ca == "" {
		return api, nil
	}
	ca, err := e.ReadFile(a.ca, 1<<20)
	api.CA = string(ca)
	return api, err
}

// open parses the command line and makes the connection to the API.
func open(e *console.Env, a *access, args int) (member.API, []string, error) {
	rest, err := e.Parse(args, args)
	if err != nil {
		return member.API{}, nil, err
	}
	api, err := a.api(e)
	return api, rest, err
}

// filters are flags that become query parameters of the same name.
type filters map[string]*string

func filterFlags(e *console.Env, names ...string) filters {
	f := filters{}
	for _, n := range names {
		f[n] = e.Flags.String(strings.ReplaceAll(n, "_", "-"), "", "")
	}
	return f
}

func (f filters) values() url.Values {
	v := url.Values{}
	for name, value := range f {
		if *value != "" {
			v.Set(name, *value)
		}
	}
	return v
}

// queryAlerts lists alerts, newest first.
func queryAlerts(ctx context.Context, e *console.Env) error {
	f := filterFlags(e, "severity", "stage", "technique", "family", "cve", "since", "limit", "next")
	return queryList(ctx, e, "/alerts", f, func(raw json.RawMessage) string {
		var page struct {
			Alerts []struct {
				hub.Alert
				Title hub.Text
			}
			Next string
		}
		_ = json.Unmarshal(raw, &page)
		var b strings.Builder
		for _, a := range page.Alerts {
			fmt.Fprintf(&b, "%s\n    %s  %s\n", headOf(e, a.Alert), a.ID, a.Title.In(e.Lang))
		}
		return b.String() + next(e, page.Next)
	})
}

// queryIndicators lists indicators.
func queryIndicators(ctx context.Context, e *console.Env) error {
	f := filterFlags(e, "value", "type", "technique", "since", "valid_at", "limit", "next")
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	raw, err := askIndicators(ctx, api, f)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { fmt.Fprint(e.Out, indicatorText(e, raw)) })
}

// askIndicators asks for a value without saying which; by type and day the answer is
// narrowed down here.
func askIndicators(ctx context.Context, api member.API, f filters) (raw json.RawMessage, err error) {
	q := f.values()
	value := q.Get("value")
	q.Del("value")
	if value == "" {
		return raw, api.Get(ctx, "/indicators", q, &raw)
	}
	typ, at := q.Get("type"), time.Time{}
	if text := q.Get("valid_at"); text != "" {
		at, err = time.Parse(time.RFC3339, text)
	}
	q.Del("type")
	q.Del("valid_at")
	if err != nil || len(q) > 0 {
		return nil, console.Usage("isac.query.value-alone")
	}
	return askPrivately(ctx, api, value, func(of string, until time.Time) bool {
		return (typ == "" || typ == of) && (at.IsZero() || until.After(at))
	})
}

func indicatorText(e *console.Env, raw json.RawMessage) string {
	var page struct {
		Indicators []struct {
			Type, Value, Alert string
			Standing           feedback.Standing
			Told               []toldView
		}
		Next string
	}
	_ = json.Unmarshal(raw, &page)
	var b strings.Builder
	for _, i := range page.Indicators {
		fmt.Fprintf(&b, "%s\n    %s\n", plain(i.Value), e.Text("isac.query.indicator", i.Type, confidence(e, i.Standing.Confidence), i.Standing.ValidUntil.Format(time.DateOnly), i.Alert))
		for _, t := range i.Told {
			fmt.Fprintf(&b, "    %s\n", told(e, t))
		}
	}
	return b.String() + next(e, page.Next)
}

// confidence is the word of a STIX confidence.
func confidence(e *console.Env, score int) string {
	for _, c := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible} {
		if score >= c.Score() {
			return e.Text("isac.confidence." + string(c))
		}
	}
	return e.Text("isac.confidence." + string(hub.Unknown))
}

func next(e *console.Env, cursor string) string {
	if cursor == "" {
		return ""
	}
	return e.Text("isac.query.more", cursor) + "\n"
}

func queryList(ctx context.Context, e *console.Env, path string, f filters, text func(json.RawMessage) string) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Get(ctx, path, f.values(), &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { fmt.Fprint(e.Out, text(raw)) })
}
