package conveyor

import (
	"context"
	"errors"
	"sync"
)

// maxJoined is how many bytes of reports go into one write, unless one alone has more.
const maxJoined = 1 << 20

// joiner writes what comes in while it writes together, next: a disk syncs only so
// often in a second. What comes alone is written at once.
type joiner struct {
	write func(context.Context, []byte) error

	mu      sync.Mutex
	busy    bool
	waiting []*joint
}

// joint is one write.
type joint struct {
	data []byte
	turn chan struct{} // closed when it may be written
	done chan struct{} // closed when it was, or err tells why not
	err  error
}

// store returns when data is written, with others or alone.
func (j *joiner) store(ctx context.Context, data []byte) error {
	own, first := j.join(data)
	if !first {
		<-own.done
		return own.err
	}
	<-own.turn
	own.err = errors.New("storing reports: stopped") // unless write returns
	defer j.next()
	defer close(own.done)
	own.err = j.write(ctx, own.data)
	return own.err
}

// join adds data to the last write that waits, or begins one, which the caller must
// carry out.
func (j *joiner) join(data []byte) (own *joint, first bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if n := len(j.waiting); n > 0 && len(j.waiting[n-1].data)+len(data) <= maxJoined {
		last := j.waiting[n-1]
		last.data = append(last.data, data...)
		return last, false
	}
	own = &joint{data: data, turn: make(chan struct{}), done: make(chan struct{})}
	if j.busy {
		j.waiting = append(j.waiting, own)
		return own, true
	}
	j.busy = true
	close(own.turn)
	return own, true
}

func (j *joiner) next() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.waiting) == 0 {
		j.busy = false
		return
	}
	close(j.waiting[0].turn)
	j.waiting = j.waiting[1:]
}
