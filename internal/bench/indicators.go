package bench

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"isac/internal/plenty"
)

const (
	singles   = 500    // single lookups of one round
	bulkSize  = 10_000 // values of one bulk lookup; every other one is known
	lookupSQL = "SELECT i.value, i.confidence, i.valid_until, a.id FROM indicators i JOIN alerts a USING (number) WHERE i.lookup = +?"
	exportSQL = "SELECT i.type, i.value, i.confidence, i.valid_from, i.valid_until, a.id, i.number, a.severity, a.tlp, i.stix_id FROM indicators i CROSS JOIN alerts a USING (number) ORDER BY i.row"
)

// measureIndicators measures lookups and the file of all indicators over HTTP, beside the
// same rows by bare statements on the same view.
func (t *taxiiBench) measureIndicators(ctx context.Context, r *run) error {
	for _, f := range []struct {
		name               string
		subject, yardstick func(context.Context) (float64, error)
	}{
		{"lookup", t.single, t.rawSingle},
		{"bulk", t.bulk, t.rawBulk},
		{"csv", t.file, t.rawFile},
	} {
		if !r.wants([]string{f.name}) {
			continue
		}
		r.Progress(f.name)
		value, yardstick, err := alternate(min(r.Rounds, 3), func() (float64, error) { return f.subject(ctx) }, func() (float64, error) { return f.yardstick(ctx) })
		if err != nil {
			return err
		}
		r.took(f.name, value, yardstick)
	}
	if !r.wants([]string{"csvmemory"}) {
		return nil
	}
	r.Progress("csvmemory")
	return t.grows(r, "csvmemory", func() error { _, err := t.file(ctx); return err })
}

// any is the value of one of the indicators.
func (t *taxiiBench) any() string { return plenty.Value(500 + rand.IntN(t.last-500)) }

// single is the time in ms that 99 of 100 lookups of one value stay below.
func (t *taxiiBench) single(ctx context.Context) (float64, error) {
	return slowest(func() error { return t.lookup(ctx, []string{t.any()}, 1) })
}

func (t *taxiiBench) rawSingle(ctx context.Context) (float64, error) {
	return slowest(func() error { return t.rawLookup(ctx, []string{t.any()}, 1) })
}

// slowest repeats do and returns the 99th percentile of its time in ms.
func slowest(do func() error) (float64, error) {
	times := make([]time.Duration, singles)
	for i := range times {
		start := time.Now()
		err := do()
		if err != nil {
			return 0, err
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return milliseconds(times[singles*99/100]), nil
}

// values are those of a bulk lookup.
func (t *taxiiBench) values() []string {
	out := make([]string, bulkSize)
	for i := range out {
		out[i] = fmt.Sprintf("unknown-%d.example", i)
		if i%2 == 0 {
			out[i] = plenty.Value(500 + (rand.IntN(100)+i*(t.last-600)/bulkSize)%(t.last-500))
		}
	}
	return out
}

func (t *taxiiBench) bulk(ctx context.Context) (float64, error) {
	return took(func(values []string) error { return t.lookup(ctx, values, bulkSize/4) }, t.values())
}

func (t *taxiiBench) rawBulk(ctx context.Context) (float64, error) {
	return took(func(values []string) error { return t.rawLookup(ctx, values, bulkSize/4) }, t.values())
}

func took(do func([]string) error, values []string) (float64, error) {
	start := time.Now()
	err := do(values)
	return milliseconds(time.Since(start)), err
}

// lookup asks for values over HTTP, of which so many are known at least.
func (t *taxiiBench) lookup(ctx context.Context, values []string, known int) error {
	body, err := json.Marshal(map[string]any{"values": values})
	if err != nil {
		return err
	}
	answer, err := t.ask(ctx, http.MethodPost, "/api/v1/indicators/lookup", body)
	if err != nil {
		return err
	}
	defer answer.Close()
	data, err := io.ReadAll(answer)
	if err == nil && bytes.Count(data, []byte(`"pattern"`)) < known {
		err = errors.New("a known value isn't found")
	}
	return err
}

// rawLookup reads the rows of values one after another with one prepared statement.
func (t *taxiiBench) rawLookup(ctx context.Context, values []string, known int) error {
	s, err := t.raw.PrepareContext(ctx, lookupSQL)
	if err != nil {
		return fmt.Errorf("reading rows: %w", err)
	}
	defer s.Close()
	found := 0
	for _, v := range values {
		var value, alert string
		var confidence, until int64
		err := s.QueryRowContext(ctx, v).Scan(&value, &confidence, &until, &alert)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("reading rows: %w", err)
		}
		found++
	}
	if found < known {
		return errors.New("a known value isn't found")
	}
	return nil
}

// file is how many ms a CSV of all indicators takes over HTTP.
func (t *taxiiBench) file(ctx context.Context) (float64, error) {
	start := time.Now()
	answer, err := t.ask(ctx, http.MethodGet, "/feeds/csv?all=true", nil)
	if err != nil {
		return 0, err
	}
	defer answer.Close()
	lines, buf := 0, make([]byte, 1<<16)
	for {
		n, err := answer.Read(buf)
		lines += bytes.Count(buf[:n], []byte("\n"))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("reading answer: %w", err)
		}
	}
	if lines <= t.last-500 {
		return 0, errors.New("the file isn't whole")
	}
	return milliseconds(time.Since(start)), nil
}

// rawFile reads the same rows with one statement.
func (t *taxiiBench) rawFile(ctx context.Context) (float64, error) {
	start := time.Now()
	rows, err := t.raw.QueryContext(ctx, exportSQL)
	if err != nil {
		return 0, fmt.Errorf("reading rows: %w", err)
	}
	defer rows.Close()
	cells := make([]sql.RawBytes, 10)
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		err := rows.Scan(into...)
		if err != nil {
			return 0, fmt.Errorf("reading rows: %w", err)
		}
	}
	return milliseconds(time.Since(start)), errors.Join(rows.Err(), rows.Close())
}

// ask sends a request over a connection that is kept, and returns the answer's body.
func (t *taxiiBench) ask(ctx context.Context, method, path string, body []byte) (io.ReadCloser, error) {
	q, err := http.NewRequestWithContext(ctx, method, t.hub.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("asking: %w", err)
	}
	q.Header.Set("Authorization", "Bearer "+t.token)
	q.Header.Set("Accept-Encoding", "identity")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, fmt.Errorf("asking: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("asking: status %d", answer.StatusCode)
	}
	return answer.Body, nil
}
