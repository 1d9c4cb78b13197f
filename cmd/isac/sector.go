package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/console"
)

// mostOfClass is how many rows of a class are printed; --json has all.
const mostOfClass = 10

// queryRelated lists alerts that share something telling with one, the closest first.
func queryRelated(ctx context.Context, e *console.Env) error {
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Get(ctx, "/alerts/"+url.PathEscape(args[0])+"/related", nil, &raw)
	if err != nil {
		return err
	}
	var page struct {
		Related []struct {
			hub.Alert
			Title   hub.Text
			Score   int
			Reasons []sector.Name
		}
	}
	err = json.Unmarshal(raw, &page)
	if err != nil {
		return fmt.Errorf("reading related alerts: %w", err)
	}
	return e.Print(raw, func() {
		for _, r := range page.Related {
			fmt.Fprintf(e.Out, "%s\n    %s  %s\n", headOf(e, r.Alert), plain(r.ID), plain(r.Title.In(e.Lang)))
			fmt.Fprintf(e.Out, "    %s\n", e.Text("isac.query.score", strconv.Itoa(r.Score)))
			for _, n := range r.Reasons {
				fmt.Fprintf(e.Out, "      %s\n", e.Text("isac.query.reason", e.Text("isac.class."+string(n.Class)), nameOf(e, n)))
			}
		}
		if len(page.Related) == 0 {
			e.Say("isac.query.no-related")
		}
	})
}

// nameOf is what people read for a name, with its id where that is another.
func nameOf(e *console.Env, n sector.Name) string {
	label := labelOf(e, n.Class, n.Value)
	if n.Class == hub.Technique {
		return plain(n.Value) + " " + label
	}
	return label
}

// querySector prints what the sector's alerts told by quarter, in bands.
func querySector(ctx context.Context, e *console.Env) error {
	quarters := e.Flags.Int("quarters", 4, "")
	api, _, err := open(e, accessFlags(e), 0)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	err = api.Get(ctx, "/sector", url.Values{"quarters": {strconv.Itoa(*quarters)}}, &raw)
	if err != nil {
		return err
	}
	var v sector.View
	err = json.Unmarshal(raw, &v)
	if err != nil {
		return fmt.Errorf("reading the sector view: %w", err)
	}
	return e.Print(raw, func() { printSector(e, v) })
}

func printSector(e *console.Env, v sector.View) {
	fmt.Fprintf(e.Out, "%s%s\n%s%s\n", columns(v.Quarters), e.Text("isac.query.total"), columns(v.Alerts), e.Text("isac.query.full-alerts"))
	class, n := hub.Class(""), 0
	for _, row := range v.Rows {
		if row.Class != class {
			class, n = row.Class, 0
			fmt.Fprintf(e.Out, "\n%s\n", e.Text("isac.class."+string(class)))
		}
		n++
		if n <= mostOfClass {
			fmt.Fprintf(e.Out, "%s%-6s %s\n", columns(row.Bands), row.Total, nameOf(e, row.Name))
		}
	}
	if len(v.Rows) == 0 {
		e.Say("isac.query.no-sector")
	}
}

// columns are bands or quarters beside each other.
func columns[T ~string](list []T) string {
	out := ""
	for _, s := range list {
		if s == "" {
			s = "-"
		}
		out += fmt.Sprintf("%-8s", plain(string(s)))
	}
	return out
}
