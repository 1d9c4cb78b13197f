package httpx

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Live tells open pages and programs that something was released. The zero value is ready, and safe
// for concurrent use.
type Live struct {
	mu    sync.Mutex
	next  chan struct{} // closed when something is new
	ended bool
}

// End ends every stream, now and from now on.
func (l *Live) End() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.Announce()
}

// Announce says that something may be new.
func (l *Live) Announce() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next != nil {
		close(l.next)
		l.next = nil
	}
}

// news is closed at the next announcement; ok is false when there will be none.
func (l *Live) news() (next <-chan struct{}, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = make(chan struct{})
	}
	return l.next, !l.ended
}

const (
	liveAtMost = 30 * time.Minute // whoever reads comes again
	heartbeat  = 25 * time.Second
)

// Stream answers with server-sent events: "alert" for each time that the newest number
// has risen. Between them it writes at even times alone: what else is announced, a report
// that came or an approval, no reader may tell by the time of a line.
func (l *Live) Stream(w http.ResponseWriter, r *http.Request, newest func(context.Context) (uint64, error)) error {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return nil
	}
	out := http.NewResponseController(w)
	err := out.SetWriteDeadline(time.Now().Add(liveAtMost + time.Minute))
	if err != nil {
		return fmt.Errorf("streaming events: %w", err)
	}
	end := time.NewTimer(liveAtMost)
	defer end.Stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text, seen, due := ": here\n\n", uint64(0), true
	for first := true; ; first = false {
		news, ok := l.news()
		number, err := newest(r.Context())
		if err != nil || !ok {
			return nil // the stream has begun: it ends, and whoever reads comes again
		}
		if !first && number > seen {
			text, due = fmt.Sprintf("event: alert\ndata: %d\n\n", number), true
		}
		seen = number
		if due {
			_, err = fmt.Fprint(w, text)
			if err != nil || out.Flush() != nil {
				return nil // the reader left
			}
		}
		text, due = ": here\n\n", false
		select {
		case <-r.Context().Done():
			return nil
		case <-end.C:
			return nil
		case <-news:
		case <-beat.C:
			due = true
		}
	}
}
