package webui

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Live tells open pages that something was released. The zero value is ready, and safe
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
	liveAtMost = 30 * time.Minute // the browser comes again by itself
	heartbeat  = 25 * time.Second
)

// eventStream answers GET /events with server-sent events: "alert" for each time that
// the newest number has risen; nothing to members in quiet mode.
func (u *UI) eventStream(v *visit) error {
	if u.Machines.Quiet(v.me.Org) {
		v.w.WriteHeader(http.StatusNoContent) // the browser doesn't ask again
		return nil
	}
	out := http.NewResponseController(v.w)
	err := out.SetWriteDeadline(time.Now().Add(liveAtMost + time.Minute))
	if err != nil {
		return fmt.Errorf("streaming events: %w", err)
	}
	v.w.Header().Set("Content-Type", "text/event-stream")
	end := time.NewTimer(liveAtMost)
	defer end.Stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text, seen := ": here\n\n", uint64(0)
	for first := true; ; first = false {
		news, ok := u.Live.news()
		newest, err := u.Public.Newest(v.r.Context())
		if err != nil || !ok {
			return nil // the stream has begun: it ends, and the browser comes again
		}
		if !first && newest > seen {
			text = fmt.Sprintf("event: alert\ndata: %d\n\n", newest)
		}
		seen = newest
		_, err = fmt.Fprint(v.w, text)
		if err != nil || out.Flush() != nil {
			return nil // the reader left
		}
		select {
		case <-v.r.Context().Done():
			return nil
		case <-end.C:
			return nil
		case <-news:
		case <-beat.C:
		}
		text = ": here\n\n"
	}
}
