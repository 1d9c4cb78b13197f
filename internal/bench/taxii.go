package bench

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/internal/plenty"
)

const taxiiConnections = 8

// taxii measures what a client gets of a view of many objects over HTTP, beside
// what the same view gives to bare statements. Load and hub share the machine.
func (r *run) taxii(ctx context.Context) error {
	r.Progress("taxii100")
	t, err := r.openTaxii(ctx)
	if err != nil {
		return err
	}
	err = t.measure(ctx, r)
	if err == nil {
		err = t.measureIndicators(ctx, r)
	}
	return errors.Join(err, t.raw.Close(), t.hub.stop())
}

// taxiiBench is a hub in a process of its own, with its view opened a second time.
type taxiiBench struct {
	hub   *served
	raw   *sql.DB
	token string
	first time.Time     // of the oldest alert
	hours int           // from there to the newest
	last  int           // number of the newest object
	slice time.Duration // of one figure in one round
}

func (r *run) openTaxii(ctx context.Context) (*taxiiBench, error) {
	if len(r.Hub) == 0 {
		return nil, errors.New("no command to start")
	}
	r.result.Objects = r.Objects
	now := time.Now()
	t := &taxiiBench{hours: r.Objects/500 - 1, last: r.Objects + 499, slice: time.Duration(min(r.Rounds, 6)) * 500 * time.Millisecond}
	t.first = now.Add(-time.Duration(t.hours) * time.Hour)
	dir := filepath.Join(r.dir, "taxii")
	n, err := r.start(ctx, dir)
	if err != nil {
		return nil, err
	}
	err = plenty.Objects(ctx, n.Public, r.Objects, now)
	if err == nil {
		_, t.token, err = n.Roster.AddPerson(ctx, r.list.Members()[0].ID, []hub.Role{hub.Analyst}, nil)
	}
	err = errors.Join(err, n.Close())
	if err != nil {
		return nil, err
	}
	t.raw, err = sql.Open("sqlite3", "file:"+filepath.Join(dir, "public.db")+"?_journal_mode=WAL&_stmt_cache_size=16")
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	t.hub, _, err = r.serve(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, t.raw.Close())
	}
	err = t.readThrough(ctx)
	if err != nil {
		return nil, errors.Join(err, t.raw.Close(), t.hub.stop())
	}
	return t, nil
}

// readThrough asks what is answered only once the hub has read all alerts into its
// indexes, which it begins when it starts: what they take isn't the clients'.
func (t *taxiiBench) readThrough(ctx context.Context) error {
	for _, q := range []struct{ method, path, body string }{
		{http.MethodPost, "/api/v1/search", `{"text":"host"}`},
		{http.MethodGet, "/api/v1/sector", ""},
	} {
		answer, err := t.ask(ctx, q.method, q.path, []byte(q.body))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer)
		err = errors.Join(err, answer.Close())
		if err != nil {
			return fmt.Errorf("reading answer: %w", err)
		}
	}
	return nil
}

func (t *taxiiBench) measure(ctx context.Context, r *run) error {
	const all = "/taxii2/alerts/collections/all/objects/?"
	at := func(from, to float64) string { // an instant in a part of the time
		hours := from + (to-from)*rand.Float64()
		return t.first.Add(time.Duration(hours * float64(t.hours) * float64(time.Hour))).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	pages := func(limit int, from, to float64) func() (float64, error) {
		return func() (float64, error) {
			return t.load(ctx, taxiiConnections, func() string { return all + "limit=" + strconv.Itoa(limit) + "&added_after=" + at(from, to) })
		}
	}
	rawPages := func(limit int) func() (float64, error) {
		return func() (float64, error) {
			return t.rawLoad(ctx, func(ctx context.Context) error {
				after := t.first.UnixMilli() + int64(rand.Float64()*0.95*float64(t.hours)*3.6e6)
				n, err := t.rawPage(ctx, after, limit)
				if err == nil && n != limit {
					err = errors.New("a page is short")
				}
				return err
			})
		}
	}
	if r.wants([]string{"taxiimemory"}) {
		r.Progress("taxiimemory")
		err := t.memory(ctx, r)
		if err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name               string
		subject, yardstick func() (float64, error)
	}{
		{"taxii100", pages(100, 0, 0.95), rawPages(100)},
		{"taxii1000", pages(1000, 0, 0.95), rawPages(1000)},
		{"taxiiflat", pages(100, 0.9, 0.99), pages(100, 0, 0.1)},
		{"taxiiid", func() (float64, error) {
			return t.load(ctx, taxiiConnections, func() string {
				return all + "match[id]=" + plenty.IndicatorID(500+rand.IntN(t.last-500))
			})
		}, func() (float64, error) {
			return t.rawLoad(ctx, func(ctx context.Context) error {
				var body []byte
				return t.raw.QueryRowContext(ctx, "SELECT body FROM stix WHERE id = ?", plenty.IndicatorID(500+rand.IntN(t.last-500))).Scan(&body)
			})
		}},
		{"taxiiwalk", func() (float64, error) { return t.walk(ctx) }, func() (float64, error) { return t.rawWalk(ctx) }},
	} {
		if !r.wants([]string{f.name}) {
			continue
		}
		r.Progress(f.name)
		value, yardstick, err := alternate(min(r.Rounds, 3), f.subject, f.yardstick)
		if err != nil {
			return err
		}
		r.took(f.name, value, yardstick)
	}
	return nil
}

// memory is how much more the hub holds at most while eight clients walk.
func (t *taxiiBench) memory(ctx context.Context, r *run) error {
	return t.grows(r, "taxiimemory", func() error {
		var walks sync.WaitGroup
		errs := make([]error, taxiiConnections)
		for i := range errs {
			walks.Go(func() { _, errs[i] = t.walk(ctx) })
		}
		walks.Wait()
		return errors.Join(errs...)
	})
}

// grows takes a figure of how much more the hub holds at most while something is done,
// beside what it held before.
func (t *taxiiBench) grows(r *run, figure string, do func() error) error {
	before, err := residentBytes(t.hub.Process.Pid)
	if err != nil {
		return err
	}
	most := before
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if now, err := residentBytes(t.hub.Process.Pid); err == nil {
					most = max(most, now)
				}
			}
		}
	})
	err = do()
	close(done)
	watch.Wait()
	r.took(figure, max(float64(most-before)/1e6, 0.001), float64(before)/1e6) // where nothing is more there is a figure too
	return err
}

// load asks over some connections for a while, and returns the answers per second.
func (t *taxiiBench) load(ctx context.Context, connections int, path func() string) (float64, error) {
	return perSecond(ctx, t.slice, connections, func() (func(context.Context) error, func() error, error) {
		c, err := t.dial(ctx)
		if err != nil {
			return nil, nil, err
		}
		return func(context.Context) error { _, err := c.get(path(), nil); return err }, c.Close, nil
	})
}

// rawLoad does the same with bare statements.
func (t *taxiiBench) rawLoad(ctx context.Context, do func(context.Context) error) (float64, error) {
	return perSecond(ctx, t.slice, taxiiConnections, func() (func(context.Context) error, func() error, error) {
		return do, func() error { return nil }, nil
	})
}

// perSecond lets some workers do the same for a while.
func perSecond(ctx context.Context, slice time.Duration, workers int, worker func() (do func(context.Context) error, end func() error, err error)) (float64, error) {
	ctx = context.WithoutCancel(ctx)
	counts, errs := make([]int, workers), make([]error, workers)
	start := time.Now()
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			do, end, err := worker()
			if err != nil {
				errs[i] = err
				return
			}
			for time.Since(start) < slice && err == nil {
				err = do(ctx)
				counts[i]++
			}
			errs[i] = errors.Join(err, end())
		})
	}
	all.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / time.Since(start).Seconds(), errors.Join(errs...)
}

// walk reads the whole collection over one connection, and returns objects per second.
func (t *taxiiBench) walk(ctx context.Context) (float64, error) {
	c, err := t.dial(ctx)
	if err != nil {
		return 0, err
	}
	const path = "/taxii2/alerts/collections/all/objects/?limit=1000"
	start, objects, next := time.Now(), 0, ""
	for {
		var head []byte
		_, err := c.get(path+next, &head)
		if err != nil {
			return 0, errors.Join(err, c.Close())
		}
		token, ok := nextOf(head)
		if !ok {
			break
		}
		objects += 1000
		next = "&next=" + url.QueryEscape(token)
	}
	if objects < t.last-2000 {
		return 0, errors.Join(errors.New("the walk ended early"), c.Close())
	}
	return float64(objects) / time.Since(start).Seconds(), c.Close()
}

// nextOf reads the token of the next page, which stands before the objects.
func nextOf(head []byte) (string, bool) {
	_, rest, ok := bytes.Cut(head, []byte(`"next":"`))
	token, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(token), ok
}

// rawPage reads objects as they stand with a bare statement, row by row.
func (t *taxiiBench) rawPage(ctx context.Context, after int64, limit int) (int, error) {
	rows, err := t.raw.QueryContext(ctx, `SELECT s.body FROM entries e CROSS JOIN stix s ON s.row = e.stix
		WHERE e.collection = 'all' AND e.added > +? ORDER BY e.added LIMIT +?`, after, limit)
	if err != nil {
		return 0, fmt.Errorf("reading rows: %w", err)
	}
	defer rows.Close()
	n := 0
	var body sql.RawBytes
	for ; rows.Next(); n++ {
		err := rows.Scan(&body)
		if err != nil {
			return n, fmt.Errorf("reading rows: %w", err)
		}
	}
	return n, errors.Join(rows.Err(), rows.Close())
}

// rawWalk reads every object with one bare statement.
func (t *taxiiBench) rawWalk(ctx context.Context) (float64, error) {
	start := time.Now()
	n, err := t.rawPage(context.WithoutCancel(ctx), 0, 1<<40)
	return float64(n) / time.Since(start).Seconds(), err
}

// connection is a client that costs little: it writes requests as text and reads
// answers by their length.
type connection struct {
	net.Conn
	token string
	in    *bufio.Reader
}

func (t *taxiiBench) dial(ctx context.Context) (*connection, error) {
	var d net.Dialer
	address := strings.TrimPrefix(t.hub.url, "http://")
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	return &connection{conn, t.token, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// get reads an answer, whose first bytes go to head where that is wanted.
func (c *connection) get(path string, head *[]byte) (length int, err error) {
	_, err = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: hub\r\nAccept: application/taxii+json;version=2.1\r\nAuthorization: Bearer "+c.token+"\r\n\r\n")
	if err != nil {
		return 0, fmt.Errorf("asking: %w", err)
	}
	status, length := 0, -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, fmt.Errorf("reading answer: %w", err)
		}
		switch {
		case status == 0:
			status, _ = strconv.Atoi(string(line[9:12]))
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[16:])))
		}
		if len(line) <= 2 {
			break
		}
	}
	if status != http.StatusOK || length < 100 {
		return 0, fmt.Errorf("reading answer: status %d, %d bytes", status, length)
	}
	if head != nil {
		first, err := c.in.Peek(min(length, 200))
		if err != nil {
			return 0, fmt.Errorf("reading answer: %w", err)
		}
		*head = bytes.Clone(first)
	}
	_, err = c.in.Discard(length)
	if err != nil {
		return 0, fmt.Errorf("reading answer: %w", err)
	}
	return length, nil
}
