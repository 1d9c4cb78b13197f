package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/member"
)

func testChecker(out *bytes.Buffer) *checker {
	return newChecker(&console.Env{Out: out, Err: &bytes.Buffer{}, Lang: "en", Flags: flag.NewFlagSet("", flag.ContinueOnError)}, []member.Indicator{
		{Type: string(hub.Domain), Value: "a1.kioskmail.net", Alert: "x"},
		{Type: string(hub.UserAgent), Value: "wdupd agent 1.2", Alert: "y"},
	})
}

// TestLogsAreReadHoweverTheyArePacked: the same two lines in every packing and writing.
func TestLogsAreReadHoweverTheyArePacked(t *testing.T) {
	text := "nothing here\nquery: x.a1.kioskmail.net IN A\r\n"
	var gz, zst bytes.Buffer
	z := gzip.NewWriter(&gz)
	fmt.Fprint(z, text)
	z.Close()
	y, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(y, text)
	y.Close()
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"plain": text, "marked": "\ufeff" + text, "gz": gz.String(), "zst": zst.String(), "utf-16": wide, "unended": strings.TrimSpace(text)} {
		var out bytes.Buffer
		c := testChecker(&out)
		file := filepath.Join(t.TempDir(), "log")
		err := os.WriteFile(file, []byte(data), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		err = c.file(context.Background(), file)
		if want := file + ":2\tdomain-name:value\t\"a1.kioskmail.net\"\tx\n"; err != nil || out.String() != want || c.lines != 2 {
			t.Errorf("%s: %q, %d lines, %v", name, out.String(), c.lines, err)
		}
	}
	for name, data := range map[string]string{"torn gz": gz.String()[:gz.Len()/2], "torn zst": zst.String()[:zst.Len()/2]} {
		file := filepath.Join(t.TempDir(), "log")
		err := os.WriteFile(file, []byte(data), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		err = testChecker(&bytes.Buffer{}).file(context.Background(), file)
		if hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestALineLongerThanTheBufferIsReadWhole: wherever the pieces are cut, each value is
// found, once, and no piece of a longer word is taken for one.
func TestALineLongerThanTheBufferIsReadWhole(t *testing.T) {
	filler := strings.Repeat("x.a1.kioskmail.net.trusted.org ", 60)
	for before := range 1500 {
		var out bytes.Buffer
		c := testChecker(&out)
		l := lines{size: 1024, overlap: c.sieve.Longest(), read: func(int) {}, each: func(piece []byte, begins bool) error { return c.piece("log", piece, begins) }}
		line := filler[:before/31*31] + strings.Repeat("-", before%31) + " (wdupd agent 1.2) a1.kioskmail.net " + filler + "a1.kioskmail.net"
		err := l.run(context.Background(), strings.NewReader("first\n"+line+"\nlast a1.kioskmail.net"))
		want := "log:2\tnetwork-traffic:extensions.'http-request-ext'.request_header.'User-Agent'\t\"wdupd agent 1.2\"\ty\nlog:2\tdomain-name:value\t\"a1.kioskmail.net\"\tx\nlog:3\tdomain-name:value\t\"a1.kioskmail.net\"\tx\n"
		if err != nil || sorted(out.String()) != sorted(want) || c.lines != 3 {
			t.Fatalf("%d before: %q, %d lines, %v", before, out.String(), c.lines, err)
		}
	}
}

func sorted(text string) string {
	lines := strings.SplitAfter(text, "\n")
	if len(lines) > 1 && lines[0] > lines[1] {
		lines[0], lines[1] = lines[1], lines[0]
	}
	return strings.Join(lines, "")
}
