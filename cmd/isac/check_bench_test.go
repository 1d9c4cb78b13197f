package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/member"
)

// busyLog is lines full of addresses, names and links, as a proxy, a firewall and a mail
// server write them; none is sought.
func busyLog(size int) []byte {
	r := rand.New(rand.NewPCG(5, 6))
	var b bytes.Buffer
	outside := func() string {
		return fmt.Sprintf("%d.%d.%d.%d", 11+r.IntN(200), r.IntN(256), r.IntN(256), r.IntN(256))
	}
	for b.Len() < size {
		switch r.IntN(3) {
		case 0:
			fmt.Fprintf(&b, "%d.%03d %6d 10.24.%d.%d TCP_MISS/200 %d GET https://cdn%d.supplies%d.example/a/%x/item.js?ref=https%%3A%%2F%%2Fwww%d.portal.example%%2Fstart&id=%d - HIER_DIRECT/%s text/javascript \"https://www%d.portal.example/start\"\n",
				1763942400+r.IntN(86400), r.IntN(1000), r.IntN(9000), r.IntN(64), r.IntN(256), r.IntN(90000), r.IntN(40), r.IntN(5000), r.Uint64(), r.IntN(90), r.IntN(10000), outside(), r.IntN(90))
		case 1:
			fmt.Fprintf(&b, "date=2026-11-26 time=%02d:%02d:%02d devname=fw01 type=traffic srcip=10.24.%d.%d srcport=%d dstip=%s dstport=443 natip=%s policyid=%d hostname=\"api%d.service%d.example\" action=accept sentbyte=%d rcvdbyte=%d\n",
				r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(64), r.IntN(256), r.IntN(65536), outside(), outside(), r.IntN(100), r.IntN(30), r.IntN(9000), r.IntN(1e6), r.IntN(1e6))
		default:
			fmt.Fprintf(&b, "Nov 26 %02d:%02d:%02d mx01 postfix/smtpd[%d]: %010X: client=mail%d.sender%d.example[%s], helo=<mail%d.sender%d.example>, from=<news%d@sender%d.example>, to=<user%d@clinic.example>, link=http://click%d.sender%d.example/u/%x\n",
				r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(32768), r.Uint32(), r.IntN(9), r.IntN(3000), outside(), r.IntN(9), r.IntN(3000), r.IntN(100), r.IntN(3000), r.IntN(900), r.IntN(9), r.IntN(3000), r.Uint64())
		}
	}
	return b.Bytes()
}

// BenchmarkCheck is isac check over such a log with 100,000 indicators, plain and packed, in
// bytes of text on one core; beside each, unpacking the same file and doing nothing.
func BenchmarkCheck(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	var list []member.Indicator
	for i := range 100_000 {
		v := member.Indicator{Type: string(hub.IPv4), Value: fmt.Sprintf("%d.%d.%d.%d", 220, i>>16, i>>8&255, i&255)}
		switch i % 4 {
		case 1:
			v = member.Indicator{Type: string(hub.Domain), Value: fmt.Sprintf("h%d.kiosk%d.net", i, r.IntN(9999))}
		case 2:
			v = member.Indicator{Type: string(hub.URL), Value: fmt.Sprintf("http://drop%d.net/k/%x.bin", i, r.Uint32())}
		case 3:
			v = member.Indicator{Type: string(hub.SHA256), Value: fmt.Sprintf("%064x", i)}
		}
		list = append(list, v)
	}
	c := newChecker(&console.Env{Out: io.Discard, Err: io.Discard, Lang: "en"}, list)
	text := busyLog(8 << 20)
	var gz, zst bytes.Buffer
	z := gzip.NewWriter(&gz)
	y, err := zstd.NewWriter(&zst)
	if err != nil {
		b.Fatal(err)
	}
	for _, w := range []io.WriteCloser{z, y} {
		if _, err := w.Write(text); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for _, p := range []struct {
		name string
		data []byte
	}{{"plain", text}, {"gz", gz.Bytes()}, {"zst", zst.Bytes()}} {
		file := filepath.Join(b.TempDir(), "log."+p.name)
		if err := os.WriteFile(file, p.data, 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(p.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if err := c.file(context.Background(), file); err != nil || c.hits > 0 {
					b.Fatal(c.hits, err)
				}
			}
		})
		b.Run(p.name+"-read-alone", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				in, err := openLog(file, nil)
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, in); err != nil || n != int64(len(text)) {
					b.Fatal(n, err)
				}
				in.Close()
			}
		})
	}
}
