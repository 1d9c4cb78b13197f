package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/member"
)

// exitFound ends check when something was found: no other command uses it.
const exitFound = console.ExitError(9)

// check looks for released indicators in log files. The whole set is downloaded and
// compared here: nothing of a log leaves this computer, not even what was found.
func check(ctx context.Context, e *console.Env) error {
	all := e.Flags.Bool("all", false, "")
	a := accessFlags(e)
	files, err := e.Parse(1, -1)
	if err != nil {
		return err
	}
	api, err := a.api(e)
	if err != nil {
		return err
	}
	list, err := download(ctx, e, api, *all)
	if err != nil {
		return err
	}
	c := &checker{e: e, matcher: newMatcher(list)}
	for _, file := range files {
		err := c.file(ctx, file)
		if err != nil {
			return err
		}
	}
	e.Progress("")
	fmt.Fprintln(e.Err, e.Text("isac.check.done", fmt.Sprint(c.lines), fmt.Sprint(len(list)), fmt.Sprint(c.hits)))
	if c.hits > 0 {
		return exitFound
	}
	return nil
}

// download fetches the indicators, page by page; only valid ones unless all.
func download(ctx context.Context, e *console.Env, api member.API, all bool) ([]indicator, error) {
	q := url.Values{"limit": {"500"}}
	if !all {
		q.Set("valid_at", time.Now().UTC().Format(time.RFC3339))
	}
	var list []indicator
	for {
		var page struct {
			Indicators []indicator
			Next       string
		}
		err := api.Get(ctx, "/indicators", q, &page)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Indicators...)
		e.Progress("isac.check.downloading", fmt.Sprint(len(list)))
		if page.Next == "" || page.Next == q.Get("next") {
			return list, nil
		}
		q.Set("next", page.Next)
	}
}

// checker counts over all files.
type checker struct {
	e           *console.Env
	matcher     *matcher
	lines, hits int
}

// longestLine is how much of a line is looked at in one piece; pieces of a longer
// one overlap by the longest value that is looked for.
const longestLine = 1 << 20

func (c *checker) file(ctx context.Context, name string) error {
	in := c.e.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: fmt.Errorf("opening log: %w", err)}
		}
		defer f.Close()
		in = f
	}
	in = transform.NewReader(in, unicode.BOMOverride(encoding.Nop.NewDecoder())) // event logs are often UTF-16
	r := bufio.NewReaderSize(in, longestLine)
	number, before := 1, ""
	for ctx.Err() == nil {
		piece, err := r.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: fmt.Errorf("reading log: %w", err)}
		}
		text := before + string(piece)
		told := c.line(name, number, text, len(before))
		if told != nil {
			return told
		}
		before = ""
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			before = text[max(0, len(text)-c.matcher.longest):]
			continue
		case len(piece) > 0:
			c.lines++
		}
		if err != nil {
			return nil
		}
		number++
		if number%100_000 == 0 {
			c.e.Progress("isac.check.reading", fmt.Sprint(c.lines))
		}
	}
	return ctx.Err()
}

// line tells what is found: file, line and indicator, but nothing of the line
// itself, which could hold what a terminal obeys.
func (c *checker) line(file string, number int, text string, seen int) error {
	for _, i := range c.matcher.find(text, seen) {
		c.hits++
		hit := hit{File: file, Line: number, Type: i.Type, Value: i.Value, Alert: i.Alert, Confidence: i.Standing.Confidence}
		if !c.e.JSON {
			fmt.Fprintf(c.e.Out, "%s:%d\t%s\t%q\t%s\n", file, number, hit.Type, hit.Value, hit.Alert)
			continue
		}
		err := json.NewEncoder(c.e.Out).Encode(hit)
		if err != nil {
			return fmt.Errorf("writing answer: %w", err)
		}
	}
	return nil
}

type hit struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Type       string `json:"type"`
	Value      string `json:"value"`
	Alert      string `json:"alert"`
	Confidence int    `json:"confidence"` // of today
}
