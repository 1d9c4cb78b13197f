package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/console"
	"isac/internal/member"
)

// advisoryLine is a released advisory in a list.
type advisoryLine struct {
	hub.Alert
	Title hub.Text
	Yours bool
}

// advisoryList lists what was passed on, with what is on one's own products first.
func advisoryList(ctx context.Context, e *console.Env) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var page struct{ Advisories []advisoryLine }
	raw, err := fetch(ctx, api, "/advisories", &page)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		if len(page.Advisories) == 0 {
			e.Say("isac.advisory.none")
		}
		for _, yours := range []bool{true, false} {
			for _, a := range page.Advisories {
				if a.Yours != yours {
					continue
				}
				mark := ""
				if yours {
					mark = e.Text("isac.advisory.yours") + "  "
				}
				fmt.Fprintf(e.Out, "%s%s\n      %s  %s\n", mark, headOf(e, a.Alert), plain(a.ID), plain(a.Title.In(e.Lang)))
			}
		}
	})
}

// advisoryShow shows one with the publisher's words, or writes it as CSAF.
func advisoryShow(ctx context.Context, e *console.Env) error {
	csaf := e.Flags.Bool("csaf", false, "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	path := "/advisories/" + url.PathEscape(args[0])
	if *csaf {
		var raw json.RawMessage
		err := api.Get(ctx, path+"/csaf", nil, &raw)
		if err != nil {
			return err
		}
		fmt.Fprintln(e.Out, string(raw))
		return nil
	}
	var one struct {
		advisoryLine
		Advisory advisory.Advisory
	}
	raw, err := fetch(ctx, api, path, &one)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		fmt.Fprintln(e.Out, headOf(e, one.Alert))
		showAdvisory(e, one.Advisory)
	})
}

// showAdvisory prints what a publisher wrote so that a terminal takes it as text.
func showAdvisory(e *console.Env, a advisory.Advisory) {
	fmt.Fprintf(e.Out, "%s\n  %s  %s  TLP:%s\n", plain(a.Title), plain(a.Publisher), plain(a.Key), plain(string(a.TLP)))
	for _, list := range [][]string{a.Products, a.CVEs, a.Techniques, a.URLs} {
		for _, s := range list {
			fmt.Fprintf(e.Out, "  %s\n", plain(s))
		}
	}
	if a.Exploited {
		e.Say("isac.advisory.exploited")
	}
	if a.Notice.Text != "" {
		fmt.Fprintln(e.Out)
		for l := range strings.Lines(a.Notice.Text) {
			fmt.Fprintln(e.Out, plain(strings.TrimRight(l, "\r\n")))
		}
	}
}

// waitingAdvisory is one before the working group.
type waitingAdvisory struct {
	advisory.Advisory
	State advisory.State
	Since time.Time
	Due   time.Time
	Names bool
	Sign  hub.Digest `json:"digest"`
}

func waitingAdvisories(ctx context.Context, api member.API) ([]waitingAdvisory, json.RawMessage, error) {
	var page struct{ Advisories []waitingAdvisory }
	raw, err := fetch(ctx, api, "/relay", &page)
	return page.Advisories, raw, err
}

// advisoryWaiting lists what waits for a moderator.
func advisoryWaiting(ctx context.Context, e *console.Env) error {
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	list, raw, err := waitingAdvisories(ctx, api)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		n := 0
		for _, a := range list {
			if a.State == advisory.Waits {
				n++
				fmt.Fprintf(e.Out, "%s  %s\n      %s\n", plain(a.ID), e.Text("isac.advisory.due", a.Due.Local().Format("2006-01-02 15:04")), plain(a.Title))
			}
		}
		if n == 0 {
			e.Say("isac.advisory.none")
		}
	})
}

// advisoryApprove signs exactly the notice that was shown.
func advisoryApprove(ctx context.Context, e *console.Env) error {
	w := wordFlags(e)
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	list, _, err := waitingAdvisories(ctx, api)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.ID != args[0] {
			continue
		}
		if a.State != advisory.Waits || a.Digest() != a.Sign {
			return hub.E(hub.Conflict, "advisory.not-now")
		}
		s := subject{path: "/relay/" + a.ID + "/approve", digest: a.Sign, purpose: advisory.ToRelease, question: "isac.ask.advisory", body: map[string]any{}}
		s.show = func() {
			showAdvisory(e, a.Advisory)
			if a.Names {
				e.Say("isac.advisory.names")
			}
		}
		ok, err := w.decide(ctx, e, api, s)
		if err == nil && ok {
			e.Say("isac.advisory.approved")
		}
		return err
	}
	return hub.E(hub.NotFound, "error.not-found")
}

// advisoryDecline lets one lie until its publisher has something new.
func advisoryDecline(ctx context.Context, e *console.Env) error {
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/relay/"+url.PathEscape(args[0])+"/decline", map[string]any{}, &raw)
	if err != nil {
		return err
	}
	return e.Print(raw, func() { e.Say("isac.advisory.declined") })
}

// products tells the product families that one said one runs, or with names says so.
func products(ctx context.Context, e *console.Env) error {
	none := e.Flags.Bool("none", false, "")
	a := accessFlags(e)
	names, err := e.Parse(0, -1)
	if err != nil {
		return err
	}
	api, err := a.api(e)
	if err != nil {
		return err
	}
	if len(names) > 0 || *none {
		var raw json.RawMessage
		err := api.Post(ctx, "/products", map[string]any{"products": append([]string{}, names...)}, &raw)
		if err != nil {
			return err
		}
	}
	var have struct {
		Products []string
		Known    []struct {
			ID   string
			Name hub.Text
		}
	}
	raw, err := fetch(ctx, api, "/products", &have)
	if err != nil {
		return err
	}
	return e.Print(raw, func() {
		mine := map[string]bool{}
		for _, id := range have.Products {
			mine[id] = true
		}
		for _, p := range have.Known {
			mark := " "
			if mine[p.ID] {
				mark = "*"
			}
			fmt.Fprintf(e.Out, "%s %-28s %s\n", mark, plain(p.ID), plain(p.Name.In(e.Lang)))
		}
	})
}
