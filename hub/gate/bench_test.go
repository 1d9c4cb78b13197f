package gate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"isac/internal/sample"
)

// alertJSON returns a bundle of about size bytes: prose in both languages, ids,
// times, hashes, domains, patterns, as alerts have them.
func alertJSON(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[`)
	for i := 0; b.Len() < size; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		h := hex.EncodeToString(sum[:])
		id := h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
		if i > 0 {
			b.WriteByte(',')
		}
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, `{"type":"indicator","spec_version":"2.1","id":"indicator--%s","created":"2026-11-23T10:00:00.%03dZ","modified":"2026-11-23T10:00:00.%03dZ","pattern":"[file:hashes.'SHA-256' = '%s']","pattern_type":"stix","valid_from":"2026-11-23T10:00:00.000Z","confidence":60,"labels":["ransomware"]}`, id, i%1000, i%1000, h)
		case 1:
			fmt.Fprintf(&b, `{"type":"attack-pattern","spec_version":"2.1","id":"attack-pattern--%s","name":"Remote Desktop Protocol","description":%q}`, id, proseEN+strings.Repeat(" ", i%3))
		case 2:
			fmt.Fprintf(&b, `{"type":"course-of-action","spec_version":"2.1","id":"course-of-action--%s","name":"多要素認証","description":"%s"}`, id, proseJA)
		}
	}
	b.WriteString("]}")
	return b.Bytes()
}

const proseJA = "攻撃者は、外部に公開された接続装置の既知の脆弱性を悪用して侵入し、保守用の常時接続を経由して内部の認証情報を取得した。" +
	"その後、リモートデスクトップで複数のサーバに移動し、バックアップを削除したうえで、ファイルを暗号化した。今日すべきこと：装置の更新、管理者の合言葉の変更、外部接続の一時停止。"

const proseEN = "The attacker used a known weakness of an exposed appliance, moved through a standing maintenance connection, obtained credentials, " +
	"reached several servers over remote desktop, deleted backups with vssadmin and encrypted files. Today: update appliances, change administrator passwords, close the connection."

// cpu reports MB of input per second of this process's own processor time, which a
// busy machine changes less than the clock.
func cpu(b *testing.B, size int) func() {
	var from, to syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &from); err != nil {
		b.Fatal(err)
	}
	return func() {
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &to); err != nil {
			b.Fatal(err)
		}
		used := to.Utime.Nano() - from.Utime.Nano() + to.Stime.Nano() - from.Stime.Nano()
		b.ReportMetric(float64(size)*float64(b.N)/float64(used)*1e3, "cpu-MB/s")
	}
}

// wholeSector is a list of the sector's size.
func wholeSector(b *testing.B) (header []string, rows [][]string) {
	b.Helper()
	list, err := sample.Sector(sample.Whole, sample.Whole)
	if err != nil {
		b.Fatal(err)
	}
	return list.Header(), list.Rows()
}

func BenchmarkCompile(b *testing.B) {
	header, rows := wholeSector(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(header, rows); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck has plain decoding of the same bytes as its yardstick, and
// BenchmarkMatcher the matcher alone.
func BenchmarkCheck(b *testing.B) {
	header, rows := wholeSector(b)
	r, err := Compile(header, rows)
	if err != nil {
		b.Fatal(err)
	}
	left := leftOutValues(200)
	for _, size := range []int{50 << 10, 2 << 20} {
		out := alertJSON(size)
		b.Run(fmt.Sprintf("encoding-json/%dKB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(out)))
			defer cpu(b, len(out))()
			for b.Loop() {
				if err := json.Unmarshal(out, new(any)); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, c := range []struct {
			name string
			left []string
		}{{"register", nil}, {"report", left}} {
			b.Run(fmt.Sprintf("%s/%dKB", c.name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(out)))
				defer cpu(b, len(out))()
				for b.Loop() {
					if p, hits, err := r.Check(out, c.left); err != nil || !p.Valid() {
						b.Fatal(hits, err)
					}
				}
			})
		}
	}
}

// BenchmarkMatcher is the matcher alone over folded text: the yardstick.
func BenchmarkMatcher(b *testing.B) {
	header, rows := wholeSector(b)
	r, err := Compile(header, rows)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(squeeze(string(alertJSON(2 << 20))))
	b.SetBytes(int64(len(text)))
	defer cpu(b, len(text))()
	for b.Loop() {
		r.needles.find(text, len(text), func(*needle, int) {})
	}
}

func BenchmarkLeftOut(b *testing.B) {
	values := leftOutValues(1000)
	b.ReportAllocs()
	for b.Loop() {
		l := newLeftOut(values)
		newMatcher(l.needles)
	}
	b.ReportMetric(float64(len(newLeftOut(values).needles)), "needles")
}

func leftOutValues(n int) []string {
	out := make([]string, n)
	for i := range out {
		sum := sha256.Sum256(fmt.Append(nil, "left", i))
		h := hex.EncodeToString(sum[:])
		switch i % 5 {
		case 0:
			out[i] = "srv-" + h[:6] + ".naibu.test"
		case 1:
			out[i] = "伏見台" + h[:4] + "事務課"
		case 2:
			out[i] = `C:\Users\u` + h[:5] + `\Documents\` + h[6:14] + `.docx`
		case 3:
			out[i] = fmt.Sprintf("%d床", 300+i)
		case 4:
			out[i] = "tantou." + h[:5] + "@soshiki-" + h[:4] + ".test"
		}
	}
	return out
}
