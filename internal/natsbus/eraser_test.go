package natsbus_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"isac/internal/natsbus"
)

// eraserFolder is set for a process that is to be killed while it erases.
const eraserFolder = "ISAC_ERASER_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(eraserFolder); dir != "" {
		err := eraseOnAndOn(dir)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// eraseOnAndOn stores messages and erases others until it is killed. It says each
// number that is stored, that is about to be erased, and that is erased. The file is
// large enough for erasing to take most of the time.
func eraseOnAndOn(dir string) error {
	ctx := context.Background()
	b, err := natsbus.Start(ctx, natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	last, err := b.LastSeq(ctx, natsbus.Alerts)
	if err != nil {
		return err
	}
	var mine []uint64
	for n := last + 1; ; n++ {
		_, err := b.Append(ctx, subject(int(n)), 0, nil, []byte(text(subject(int(n)), 1<<(4+rand.IntN(14)))))
		if err != nil {
			return err
		}
		fmt.Println("stored", n)
		mine = append(mine, n)
		if len(mine) < 8 {
			continue
		}
		i := rand.IntN(len(mine))
		fmt.Println("erasing", mine[i])
		err = b.EraseOne(ctx, natsbus.Alerts, mine[i])
		if err != nil {
			return err
		}
		fmt.Println("erased", mine[i])
		mine = slices.Delete(mine, i, i+1)
	}
}

// The process dies again and again while it erases. Every message that it stored and
// didn't begin to erase is there, and every other that isn't there lies nowhere.
func TestEraserKilled(t *testing.T) {
	dir := t.TempDir()
	said := map[int]string{}
	cutShort := 0
	for range 8 {
		for n, word := range killedAfter(t, dir, time.Duration(rand.Int64N(int64(150*time.Millisecond)))) {
			said[n] = word
		}
		left := lyingTexts(t, dir, said)
		b, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		there, err := b.Subjects(t.Context(), natsbus.Alerts, "alert.>")
		b.Close()
		if err != nil {
			t.Fatal(err)
		}
		now := lyingTexts(t, dir, said)
		for n, word := range said {
			alive := slices.Contains(there, subject(n))
			switch {
			case alive != now[n]:
				t.Errorf("message %d: there %v, on disk %v, last word %q", n, alive, now[n], word)
			case word == "stored" && !alive || word == "erased" && alive:
				t.Errorf("message %d: there %v, last word %q", n, alive, word)
			case word == "erasing" && left[n] && !alive:
				cutShort++
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d messages, %d erasures were cut short and finished", len(said), cutShort)
}

// killedAfter kills an eraser some time after its first erasure, and returns the last
// that it said of each number.
func killedAfter(t *testing.T, dir string, d time.Duration) map[int]string {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), eraserFolder+"="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer watchdog.Stop()
	said := map[int]string{}
	begun := false
	for in := bufio.NewScanner(out); in.Scan(); {
		word, number, _ := strings.Cut(in.Text(), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatalf("%q: %v", in.Text(), err)
		}
		said[n] = word
		if word == "erased" && !begun {
			begun = true
			time.AfterFunc(d, func() { _ = c.Process.Kill() })
		}
	}
	_ = c.Wait()
	if !begun {
		t.Fatal("it erased nothing")
	}
	return said
}

// lyingTexts tells whose texts lie in the stream's files.
func lyingTexts(t *testing.T, dir string, said map[int]string) map[int]bool {
	t.Helper()
	x := erasure{t: t, dir: dir}
	var all []string
	for _, data := range x.files() {
		all = append(all, string(data))
	}
	out := map[int]bool{}
	for n := range said {
		out[n] = slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "text of "+subject(n)+" from here") })
	}
	return out
}
