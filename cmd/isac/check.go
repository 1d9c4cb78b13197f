package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/sift"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
)

// exitFound ends check when something was found: no other command uses it.
const exitFound = console.ExitError(9)

// check looks for released indicators in log files. The signed alerts are kept here and
// compared here: nothing of a log leaves this computer, not even what was found.
func check(ctx context.Context, e *console.Env) error {
	all := e.Flags.Bool("all", false, "")
	dir := e.Flags.String("state", envOr("ISAC_STATE", stateFolder()), "")
	conn, a := connectionFlags(e), accessFlags(e)
	files, err := e.Parse(1, -1)
	if err != nil {
		return err
	}
	list, err := kept(ctx, e, conn, *dir)
	if conn.missing() && a.given() {
		list, err = fetched(ctx, e, a)
	}
	if err != nil {
		return err
	}
	if !*all {
		now := time.Now()
		list = slices.DeleteFunc(list, func(i member.Indicator) bool { return !i.ValidUntil.After(now) })
	}
	c := newChecker(e, list)
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

// stateFolder is where a user's programs keep what they would have to fetch again.
func stateFolder() string {
	home, _ := os.UserHomeDir()
	usual := filepath.Join(home, ".local", "state")
	if runtime.GOOS == "windows" {
		usual = os.Getenv("LocalAppData")
	}
	return filepath.Join(envOr("XDG_STATE_HOME", usual), "isac")
}

// kept brings the kept alerts up to date and reads them. When the hub can't be
// reached, those that are kept have to do.
func kept(ctx context.Context, e *console.Env, conn *connection, dir string) ([]member.Indicator, error) {
	creds, err := readCredentials(conn.creds)
	if err != nil {
		return nil, err
	}
	alerts, err := member.OpenKept(dir, creds.Keys)
	if err != nil {
		return nil, err
	}
	err = catchUp(ctx, e, creds, conn.url, alerts)
	if hub.KindOf(err) == hub.Unavailable && alerts.Chain().Last > 0 {
		fmt.Fprintln(e.Err, e.Text("isac.check.offline", locale.Error(e.Lang, err), decimal(alerts.Chain().Last)))
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return alerts.Indicators()
}

// fetched are all indicators as the hub's API tells them to a person who has no machine's
// credentials: over TLS, without the alerts' signatures, and kept nowhere.
func fetched(ctx context.Context, e *console.Env, a *access) ([]member.Indicator, error) {
	api, err := a.api(e)
	if err != nil {
		return nil, err
	}
	e.Progress("isac.check.fetching")
	var all bytes.Buffer
	err = api.Stream(ctx, "/export/jsonl", url.Values{"all": {"true"}}, &all)
	if err != nil {
		return nil, err
	}
	var list []member.Indicator
	for d := json.NewDecoder(&all); ; {
		var row struct {
			Type, Value, Alert string
			Confidence         int
			Until              time.Time `json:"valid_until"`
		}
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading indicators: %w", err)}
		}
		list = append(list, member.Indicator{Type: row.Type, Value: row.Value, Alert: row.Alert, Confidence: row.Confidence, ValidUntil: row.Until})
	}
}

func catchUp(ctx context.Context, e *console.Env, creds member.Credentials, nats string, kept *member.Kept) error {
	c, err := creds.Dial(nats)
	if err != nil {
		return err
	}
	defer c.Close()
	return kept.CatchUp(ctx, c, func(number uint64) { e.Progress("isac.check.downloading", decimal(number)) })
}

// checker counts over all files.
type checker struct {
	e           *console.Env
	list        []member.Indicator
	sieve       *sift.Sieve
	scanner     *sift.Scanner
	lines, hits int
	line        int          // of the file
	told        map[int]bool // of a line of several pieces
	bytes       int
	begun, said time.Time
}

func newChecker(e *console.Env, list []member.Indicator) *checker {
	values := make([]sift.Value, len(list))
	for i, v := range list {
		values[i] = sift.Value{Kind: hub.Kind(v.Type), Text: v.Value}
	}
	s := sift.New(values)
	return &checker{e: e, list: list, sieve: s, scanner: s.Scanner(), told: map[int]bool{}, begun: time.Now()}
}

// buffer is how much of a log is in memory at once, and of a line in one piece.
const buffer = 1 << 20

func (c *checker) file(ctx context.Context, name string) error {
	in, err := openLog(name, c.e.In)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: err}
	}
	defer in.Close()
	c.line = 0
	cut := lines{size: buffer, overlap: c.sieve.Longest(), read: c.progress, each: func(piece []byte, begins bool) error {
		return c.piece(name, piece, begins)
	}}
	err = cut.run(ctx, in)
	if err != nil && ctx.Err() == nil {
		return &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: err}
	}
	return err
}

func (c *checker) progress(n int) {
	c.bytes += n
	now := time.Now()
	if now.Sub(c.said) < 200*time.Millisecond {
		return
	}
	c.said = now
	megabytes := float64(c.bytes) / 1e6
	c.e.Progress("isac.check.reading", fmt.Sprint(c.lines), fmt.Sprintf("%.0f", megabytes), fmt.Sprintf("%.0f", megabytes/max(now.Sub(c.begun).Seconds(), 0.001)))
}

// piece tells what is found: file, line and indicator, but nothing of the line itself,
// which could hold what a terminal obeys. A line of several pieces tells each once.
func (c *checker) piece(file string, piece []byte, begins bool) error {
	if begins {
		c.line++
		c.lines++
		clear(c.told)
	}
	for _, i := range c.scanner.Find(piece) {
		if c.told[i] {
			continue
		}
		c.told[i] = true
		err := c.tell(file, c.list[i])
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) tell(file string, i member.Indicator) error {
	c.hits++
	if !c.e.JSON {
		_, err := fmt.Fprintf(c.e.Out, "%s:%d\t%s\t%q\t%s\n", file, c.line, i.Type, i.Value, i.Alert)
		return err
	}
	err := json.NewEncoder(c.e.Out).Encode(hit{File: file, Line: c.line, Type: i.Type, Value: i.Value, Alert: i.Alert, Confidence: i.Confidence})
	if err != nil {
		return fmt.Errorf("writing answer: %w", err)
	}
	return nil
}

type hit struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Type       string `json:"type"`
	Value      string `json:"value"`
	Alert      string `json:"alert"`
	Confidence int    `json:"confidence"` // as the newest version of the alert says
}
