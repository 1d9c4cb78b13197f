package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/advisory"
)

const taxiiMedia = "application/taxii+json;version=2.1"

const (
	pageLimit = "500"
	mostPages = 2000     // of one round; the next one goes on
	gathered  = 16 << 20 // bytes of objects that are read at once: a report and what it refers to may be on two pages
	ahead     = time.Hour
)

// envelope is the answer of a collection (TAXII 2.1, 3.7).
type envelope struct {
	More    bool              `json:"more"`
	Next    string            `json:"next"`
	Objects []json.RawMessage `json:"objects"`
}

// collection walks through what was added to a collection since the last time. The cursor
// moves on only behind what was taken, so that nothing is lost by whatever happens, and what
// is read twice is known by who takes it.
func (r *round) collection(ctx context.Context) error {
	seen := map[string]bool{r.c.Next: r.c.Next != ""}
	at, last := r.c, r.c.After
	var objects []json.RawMessage
	size := 0
	for range mostPages {
		a, err := r.get(ctx, r.page(at), taxiiMedia)
		if err != nil && at.Next != "" && at.Next == r.kept.Next && a.status >= http.StatusBadRequest && a.status < http.StatusInternalServerError && a.status != http.StatusUnauthorized {
			at.Next = "" // it doesn't know its own place any more: from the last date
			continue
		}
		if err != nil {
			return err
		}
		var e envelope
		if json.Unmarshal(a.body, &e) != nil {
			return wrong("wrong-type")
		}
		last, err = r.moved(last, a, len(e.Objects))
		if err != nil {
			return err
		}
		objects, size = append(objects, e.Objects...), size+len(a.body)
		switch {
		case !e.More:
			at = cursor{After: last}
		case len(e.Objects) == 0:
			return wrong("promises") // more, and nothing
		case e.Next != "" && seen[e.Next]:
			return wrong("loops")
		case e.Next != "":
			seen[e.Next] = true
			at.Next = e.Next
		case last == at.After:
			return wrong("loops") // the same page for ever
		default: // a server without places: from the last date
			at = cursor{After: last}
		}
		if !e.More || size > gathered {
			err := r.takeObjects(ctx, objects, at)
			if err != nil {
				return err
			}
			objects, size = nil, 0
		}
		if !e.More {
			return nil
		}
	}
	return r.takeObjects(ctx, objects, at)
}

// takeObjects gives on what was gathered, and then moves the cursor.
func (r *round) takeObjects(ctx context.Context, objects []json.RawMessage, at cursor) error {
	var b bytes.Buffer
	b.WriteString(`{"objects":[`)
	for i, o := range objects {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(o)
	}
	b.WriteString("]}")
	if b.Len() > advisory.Largest {
		return hub.E(hub.TooLarge, "advisory.too-large")
	}
	err := r.take(ctx, b.Bytes(), advisory.STIX)
	if err != nil {
		return err
	}
	r.c = at
	return r.keep(ctx)
}

// page is the address of the page at a place.
func (r *round) page(at cursor) string {
	base, _, _ := strings.Cut(r.s.URL, "?")
	base = strings.TrimSuffix(strings.TrimSuffix(base, "/"), "/objects") + "/objects/"
	q := url.Values{"limit": {pageLimit}}
	if at.After != "" {
		q.Set("added_after", at.After)
	}
	if at.Next != "" {
		q.Set("next", at.Next)
	}
	return base + "?" + q.Encode()
}

// moved is the date up to which everything was read, by the headers of a page. Dates that
// go back, lie in the future or can't be read are a lie.
func (r *round) moved(before string, a answer, n int) (string, error) {
	if n == 0 || a.last == "" && a.first == "" {
		return before, nil
	}
	begin, err1 := time.Parse(time.RFC3339Nano, a.first)
	end, err2 := time.Parse(time.RFC3339Nano, a.last)
	if err1 != nil || err2 != nil || end.Before(begin) || end.After(r.f.Now().Add(ahead)) {
		return "", wrong("dates")
	}
	if was, err := time.Parse(time.RFC3339Nano, before); err == nil && begin.Before(was) {
		return "", wrong("dates")
	}
	return a.last, nil
}
