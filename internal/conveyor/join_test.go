package conveyor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// slowDisk keeps what is written, and writes only when told to.
type slowDisk struct {
	joiner
	mu     sync.Mutex
	writes [][]byte
	may    chan error
}

func newSlowDisk() *slowDisk {
	d := &slowDisk{may: make(chan error)}
	d.write = func(_ context.Context, data []byte) error {
		d.mu.Lock()
		d.writes = append(d.writes, bytes.Clone(data))
		d.mu.Unlock()
		return <-d.may
	}
	return d
}

// waits tells when n writes wait for the one that is being written.
func (d *slowDisk) waits(t *testing.T, n, size int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		d.joiner.mu.Lock()
		have, last := len(d.waiting), 0
		if have > 0 {
			last = len(d.waiting[have-1].data)
		}
		d.joiner.mu.Unlock()
		if have == n && last == size {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d writes wait, the last of %d bytes; want %d and %d", have, last, n, size)
		}
	}
}

func TestReportsThatWaitAreWrittenTogether(t *testing.T) {
	d := newSlowDisk()
	results := make(chan error, 4)
	store := func(data string) { go func() { results <- d.store(t.Context(), []byte(data)) }() }
	store("a")
	d.waits(t, 0, 0)
	for end := time.Now().Add(10 * time.Second); len(d.written()) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what comes alone isn't written")
		}
	}
	store("b")
	d.waits(t, 1, 1)
	store("c")
	d.waits(t, 1, 2)
	store("d")
	d.waits(t, 1, 3)
	select {
	case err := <-results:
		t.Fatalf("told before it was written: %v", err)
	default:
	}
	d.may <- nil
	if err := <-results; err != nil {
		t.Errorf("first write: %v", err)
	}
	broken := errors.New("no room")
	d.may <- broken
	for range 3 {
		if err := <-results; !errors.Is(err, broken) {
			t.Errorf("one of a write that failed was told %v", err)
		}
	}
	if w := d.written(); len(w) != 2 || string(w[0]) != "a" || len(w[1]) != 3 {
		t.Errorf("written %q, want a alone and three together", w)
	}
	store("e")
	d.may <- nil
	if err := <-results; err != nil {
		t.Errorf("after a failure: %v", err)
	}
}

func (d *slowDisk) written() [][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

func TestJoinedWritesStayBounded(t *testing.T) {
	d := newSlowDisk()
	var work sync.WaitGroup
	big := make([]byte, maxJoined/2)
	store := func(data []byte) {
		work.Go(func() {
			if err := d.store(t.Context(), data); err != nil {
				t.Error(err)
			}
		})
	}
	store(big)
	for range 4 {
		store(big)
	}
	d.waits(t, 2, maxJoined)
	store(make([]byte, 4*maxJoined)) // alone, however big
	d.waits(t, 3, 4*maxJoined)
	for range 4 {
		d.may <- nil
	}
	work.Wait()
	if n := len(d.written()); n != 4 {
		t.Errorf("%d writes, want 4", n)
	}
}

// A write that panics must not leave the others waiting for ever.
func TestJoinerOutlivesAPanic(t *testing.T) {
	j := joiner{write: func(context.Context, []byte) error { panic("broken") }}
	func() {
		defer func() { _ = recover() }()
		_ = j.store(t.Context(), []byte("a"))
	}()
	j.write = func(context.Context, []byte) error { return nil }
	done := make(chan error, 1)
	go func() { done <- j.store(t.Context(), []byte("b")) }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is written any more")
	}
}

func TestIntakePartsRefuseWhatIsCut(t *testing.T) {
	var message []byte
	for i := range 3 {
		for _, part := range []string{fmt.Sprint("head ", i), fmt.Sprint("report ", i)} {
			message = appendPart(message, []byte(part))
		}
	}
	parts, err := intakeParts(message)
	if err != nil || len(parts) != 6 || string(parts[4]) != "head 2" || string(parts[5]) != "report 2" {
		t.Fatalf("parts %q, %v", parts, err)
	}
	for n := 1; n < len(message); n++ {
		parts, err := intakeParts(message[:n])
		if err == nil && n%(len(message)/3) != 0 {
			t.Errorf("cut at %d: %q", n, parts)
		}
	}
}
