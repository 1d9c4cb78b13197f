package natsbus_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/minio/highwayhash"
	"github.com/nats-io/nats.go"

	"isac/internal/natsbus"
)

// erasure makes the state that a server leaves which dies while it erases: the files
// after the erasure with the bytes of the message back in their place.
type erasure struct {
	t     *testing.T
	dir   string
	b     *natsbus.Bus
	alive map[string]string // what must be there, by subject
	gone  []string          // what must lie nowhere
}

func newErasure(t *testing.T) *erasure {
	x := &erasure{t: t, dir: t.TempDir(), alive: map[string]string{}}
	x.start()
	t.Cleanup(func() { x.b.Close() })
	return x
}

func (x *erasure) start() {
	x.t.Helper()
	b, err := natsbus.Start(context.Background(), natsbus.Options{Dir: x.dir, Addr: "127.0.0.1:0"})
	if err != nil {
		x.t.Fatal(err)
	}
	x.b = b
}

// text is a message of n bytes and more that is like no other.
func text(subject string, n int) string {
	return "text of " + subject + " from here " + string(bytes.Repeat([]byte("x"), n)) + " to the end of " + subject
}

func (x *erasure) append(subject string, n int) {
	x.t.Helper()
	var header nats.Header
	if len(x.alive)%2 == 0 {
		header = nats.Header{"Isac-Of": {subject}}
	}
	_, err := x.b.Append(x.t.Context(), subject, 0, header, []byte(text(subject, n)))
	if err != nil {
		x.t.Fatal(err)
	}
	x.alive[subject] = text(subject, n)
}

// place is where the bytes of an erased message were.
type place struct {
	file string
	at   int
	data []byte
}

// erase erases a message, and returns where it was.
func (x *erasure) erase(subject string) place {
	x.t.Helper()
	before := x.files()
	n, err := x.b.Erase(x.t.Context(), natsbus.Alerts, subject)
	if err != nil || n != 1 {
		x.t.Fatalf("erasing %d messages: %v", n, err)
	}
	x.gone = append(x.gone, x.alive[subject])
	delete(x.alive, subject)
	for file, old := range before {
		now, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return place{} // of the last message in its file
		}
		if err != nil {
			x.t.Fatal(err)
		}
		if len(now) < len(old) || bytes.Equal(now[:len(old)], old) {
			continue
		}
		for at := 0; at < len(old); {
			to := at + int(binary.LittleEndian.Uint32(old[at:])&^(1<<31))
			if !bytes.Equal(old[at:to], now[at:to]) {
				return place{file, at, old[at:to]}
			}
			at = to
		}
	}
	x.t.Fatal("no file has changed: the server's way of erasing has")
	return place{}
}

// files reads the stream's files.
func (x *erasure) files() map[string][]byte {
	x.t.Helper()
	list, err := filepath.Glob(filepath.Join(x.dir, "streams", "jetstream", "*", "streams", natsbus.Alerts, "msgs", "*.blk"))
	if err != nil || len(list) == 0 {
		x.t.Fatalf("%d files, %v", len(list), err)
	}
	out := map[string][]byte{}
	for _, f := range list {
		out[f] = read(x.t, f)
	}
	return out
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// bringBack undoes the second step of erasures.
func bringBack(t *testing.T, places ...place) {
	t.Helper()
	for _, p := range places {
		data, err := os.ReadFile(p.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went with its last message
		}
		if err != nil {
			t.Fatal(err)
		}
		copy(data[p.at:], p.data)
		write(t, p.file, data)
	}
}

// check starts a server, wants what is alive to be as it was and what is gone to lie
// nowhere, and the next message to come after all others.
func (x *erasure) check() {
	t := x.t
	t.Helper()
	x.start()
	defer x.b.Close()
	for subject, want := range x.alive {
		m, err := x.b.Last(t.Context(), natsbus.Alerts, subject)
		if err != nil || string(m.Data) != want {
			t.Errorf("%s has %d bytes, want %d; %v", subject, len(m.Data), len(want), err)
		}
	}
	list, err := x.b.Subjects(t.Context(), natsbus.Alerts, "alert.>")
	if err != nil || len(list) != len(x.alive) {
		t.Errorf("%d subjects, want %d; %v", len(list), len(x.alive), err)
	}
	for _, g := range x.gone {
		if onDisk(t, x.dir, []byte(g)) {
			t.Errorf("%.20s is still on disk", g)
		}
	}
	last, err := x.b.LastSeq(t.Context(), natsbus.Alerts)
	if want := uint64(len(x.alive) + len(x.gone)); err != nil || last != want {
		t.Errorf("the last sequence is %d, want %d; %v", last, want, err)
	}
}

// checkUntouched wants the files to be byte for byte as before, save for the places.
func (x *erasure) checkUntouched(before map[string][]byte, places ...place) {
	x.t.Helper()
	bringBack(x.t, places...)
	for file, now := range x.files() {
		if !bytes.Equal(now, before[file]) {
			x.t.Errorf("%s is another file: %d bytes, before %d", filepath.Base(file), len(now), len(before[file]))
		}
	}
}

func subject(i int) string { return fmt.Sprintf("alert.a%d.1", i) }

func TestErasureCutShortIsFinished(t *testing.T) {
	for name, c := range map[string]struct {
		sizes []int
		erase []int
	}{
		"first":             {[]int{10, 10, 10}, []int{0}},
		"middle":            {[]int{10, 10, 10}, []int{1}},
		"newest":            {[]int{10, 10, 10}, []int{2}},
		"several":           {[]int{10, 9000, 10, 100_000, 10}, []int{3, 0, 1}},
		"only one is left":  {[]int{10, 10, 10}, []int{0, 1}},
		"note in a later":   {[]int{4 << 20, 3 << 20, 4 << 20, 10}, []int{1}},
		"notes all over":    {[]int{4 << 20, 3 << 20, 4 << 20, 3 << 20, 4 << 20, 10}, []int{1, 2, 5}},
		"a file goes":       {[]int{4 << 20, 3 << 20, 4 << 20, 3 << 20, 4 << 20, 10}, []int{1, 2, 0, 5}},
		"of several blocks": {[]int{4 << 20, 3 << 20, 4 << 20, 3 << 20}, []int{0, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			x := newErasure(t)
			for i, n := range c.sizes {
				x.append(subject(i), n)
			}
			var places []place
			for _, i := range c.erase {
				places = append(places, x.erase(subject(i)))
			}
			x.b.Close()
			bringBack(t, places...)
			before := x.files()
			if !slices.ContainsFunc(x.gone, func(g string) bool { return onDisk(t, x.dir, []byte(g)) }) {
				t.Fatal("the bytes aren't there: the test shows nothing")
			}
			x.check()
			x.checkUntouched(before, places...)
			x.check() // also of a state that it has been in before
			x.check()
		})
	}
}

// The neighbours of that state: killed earlier or later, or killed again.
func TestAroundAnErasureCutShort(t *testing.T) {
	for name, c := range map[string]struct {
		alive  bool // the server never knew that the message was to be erased
		damage func(t *testing.T, before []byte, p place)
	}{
		"before the note": {true, func(t *testing.T, before []byte, p place) { write(t, p.file, before) }},
		"half a note": {true, func(t *testing.T, before []byte, p place) {
			note := read(t, p.file)[len(before):]
			write(t, p.file, append(bytes.Clone(before), note[:len(note)-9]...))
		}},
		"a broken note": {true, func(t *testing.T, _ []byte, p place) {
			bringBack(t, p)
			data := read(t, p.file)
			data[len(data)-1] ^= 1
			write(t, p.file, data)
		}},
		"a record begun behind the note": {false, func(t *testing.T, _ []byte, p place) {
			bringBack(t, p)
			data := read(t, p.file)
			write(t, p.file, append(data, data[:25]...))
		}},
		"a file begun in its place": {false, func(t *testing.T, before []byte, p place) {
			bringBack(t, p)
			write(t, p.file+".tmp", before[:len(before)-5])
			write(t, filepath.Join(filepath.Dir(p.file), "1.new"), before)
		}},
		"killed again": {false, func(t *testing.T, before []byte, p place) {
			bringBack(t, p)
			write(t, p.file+".unfinished-1", before)
			if err := os.Remove(index(p)); err != nil {
				t.Fatal(err)
			}
		}},
		"a broken index":    {false, func(t *testing.T, _ []byte, p place) { bringBack(t, p); write(t, index(p), []byte("broken")) }},
		"erased to the end": {false, func(*testing.T, []byte, place) {}},
	} {
		t.Run(name, func(t *testing.T) {
			x := newErasure(t)
			for i := range 4 {
				x.append(subject(i), 100*i)
			}
			x.b.Close() // now there is an index
			x.start()
			before := x.files()
			p := x.erase(subject(1))
			x.b.Close()
			c.damage(t, before[p.file], p)
			if c.alive {
				x.alive[subject(1)], x.gone = x.gone[0], nil
			}
			x.check()
			x.check()
		})
	}
}

func index(p place) string { return filepath.Join(filepath.Dir(p.file), "index.db") }

// A record of the sequence that a note tells isn't the one meant if its time is
// another, or if its checksum is wrong.
func TestNothingElseIsOverwritten(t *testing.T) {
	for name, change := range map[string]func(p place, note []byte){
		"another time":   func(_ place, note []byte) { note[12]++; seal(note) },
		"wrong checksum": func(p place, _ []byte) { p.data[len(p.data)-12] ^= 1 }, // in the text
	} {
		t.Run(name, func(t *testing.T) {
			x := newErasure(t)
			x.append(subject(0), 10)
			x.append(subject(1), 10)
			x.append(subject(2), 10)
			p := x.erase(subject(1))
			x.b.Close()
			data := read(t, p.file)
			change(p, data[len(data)-30:])
			write(t, p.file, data)
			bringBack(t, p)
			before := read(t, p.file)
			x.start()
			x.b.Close()
			if now := read(t, p.file); !bytes.HasPrefix(before, now) { // the server may end the file there
				t.Error("the file is another")
			}
			x.start()
			defer x.b.Close()
			if m, err := x.b.Last(t.Context(), natsbus.Alerts, subject(0)); err != nil || string(m.Data) != x.alive[subject(0)] {
				t.Errorf("another message has %d bytes, %v", len(m.Data), err)
			}
		})
	}
}

// seal gives a note in the first file the checksum that it must have.
func seal(note []byte) {
	key := sha256.Sum256([]byte(natsbus.Alerts + "-1"))
	binary.LittleEndian.PutUint64(note[22:], highwayhash.Sum64(note[4:20], key[:]))
}

// Erasing that found no room is finished when the streams are started again, without
// a start of the hub.
func TestErasureThatFailsIsFinished(t *testing.T) {
	x := newErasure(t)
	for i := range 3 {
		x.append(subject(i), 10)
	}
	for file := range x.files() {
		if err := os.Mkdir(file+".tmp", 0o700); err != nil { // the server can't write there
			t.Fatal(err)
		}
	}
	if _, err := x.b.Erase(t.Context(), natsbus.Alerts, subject(1)); err == nil {
		t.Fatal("erasing didn't fail: the server's way of erasing has changed")
	}
	x.gone = append(x.gone, x.alive[subject(1)])
	delete(x.alive, subject(1))
	for end := time.Now().Add(20 * time.Second); x.b.Ready() != nil || onDisk(t, x.dir, []byte(x.gone[0])); {
		if time.Now().After(end) {
			t.Fatalf("ready: %v, on disk: %v", x.b.Ready(), onDisk(t, x.dir, []byte(x.gone[0])))
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n, err := x.b.Erase(t.Context(), natsbus.Alerts, subject(1)); err != nil || n != 0 {
		t.Errorf("erasing again finds %d messages, %v", n, err)
	}
	x.b.Close()
	x.check()
}

// Streams of many messages, any of them erased and any of those only half.
func TestErasuresCutShortAtRandom(t *testing.T) {
	for range 3 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			x := newErasure(t)
			n := 0
			for range 4 {
				var half []place
				for range 20 {
					if r.IntN(3) > 0 || len(x.alive) == 0 {
						x.append(subject(n), 1<<r.IntN(16))
						n++
						continue
					}
					p := x.erase(slices.Sorted(maps.Keys(x.alive))[r.IntN(len(x.alive))])
					if r.IntN(2) == 0 {
						half = append(half, p)
					}
				}
				x.b.Close()
				bringBack(t, half...)
				x.check()
				x.start()
			}
		})
	}
}
