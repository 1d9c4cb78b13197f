package sift_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register/automaton"
	"isac/hub/sift"
)

func values(pairs ...string) []sift.Value {
	var out []sift.Value
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, sift.Value{Kind: hub.Kind(pairs[i]), Text: pairs[i+1]})
	}
	return out
}

func TestFindsEverySpellingAndNoNeighbour(t *testing.T) {
	list := values(
		string(hub.IPv4), "45.77.201.9",
		string(hub.IPv4), "91.198.64.0/26",
		string(hub.IPv6), "2a03:90c0:1f::8",
		string(hub.IPv6), "2a03:90c0:2000::/36",
		string(hub.Domain), "cdn-update.kioskmail.net",
		string(hub.URL), "http://filedrop.qorv.io/k/stage2.bin",
		string(hub.URL), "http://drop.qorv.io",
		string(hub.SHA256), strings.Repeat("ab01", 16),
		string(hub.FilePath), `C:\ProgramData\wdupd\svchost32.exe`,
		string(hub.FileName), "upd.exe",
		string(hub.FileName), "請求書",
		string(hub.Mail), "billing@kioskmail.net",
		string(hub.UserAgent), "Mozilla/4.0 (compatible; wdupd 1.2)",
		string(hub.AS), "64500",
	)
	s := sift.New(list).Scanner()
	for _, c := range []struct{ line, want string }{
		{"GET 45.77.201.9/ 200", "45.77.201.9"},
		{"src=45.77.201.9:51544 dst=10.0.0.1", "45.77.201.9"},
		{"from:45.77.201.9: denied.", "45.77.201.9"},
		{"peer ::ffff:45.77.201.9 connected", "45.77.201.9"},
		{"blocked 45[.]77[.]201[.]9", "45.77.201.9"},
		{"145.77.201.9 45.77.201.91 45.77.201.9.1", ""},
		{"seen 91.198.64.63", "91.198.64.0/26"},
		{"seen 91.198.64.64", ""},
		{"45.77.201.9:91.198.64.1", "45.77.201.9 91.198.64.0/26"},
		{"[2A03:90C0:001F:0:0:0:0:8]:443", "2a03:90c0:1f::8"},
		{"2a03:90c0:1f::8: timeout", "2a03:90c0:1f::8"},
		{"2a03:90c0:2fff:1:2:3:4:5", "2a03:90c0:2000::/36"},
		{"query: CDN-Update.KioskMail.NET. IN A", "cdn-update.kioskmail.net"},
		{"query: x7.cdn-update.kioskmail.net", "cdn-update.kioskmail.net"},
		{"the host cdn-update.kioskmail.net.", "cdn-update.kioskmail.net"},
		{"the host cdn-update.kioskmail.net...", "cdn-update.kioskmail.net"},
		{"hxxps://cdn-update[.]kioskmail[.]net/", "cdn-update.kioskmail.net"},
		{"https%3A%2F%2Fcdn-update%2Ekioskmail%2Enet%2F", "cdn-update.kioskmail.net"},
		{"cdn-update.kioskmail.net.trusted.org", ""},
		{"old-cdn-update.kioskmail.net", ""},
		{`{"url":"http:\/\/filedrop.qorv.io\/k\/stage2.bin?x=1"}`, "http://filedrop.qorv.io/k/stage2.bin"},
		{"hXXp://filedrop[.]qorv.io/k/stage2.bin", "http://filedrop.qorv.io/k/stage2.bin"},
		{"HXXP://drop.qorv.io:8080/", "http://drop.qorv.io"},
		{"h**p://drop(dot)qorv.io", "http://drop.qorv.io"},
		{"http://drop.qorv.io.trusted.org/ http://drop.qorv.iox/", ""},
		{"hash " + strings.Repeat("AB01", 16), strings.Repeat("ab01", 16)},
		{"hash " + strings.Repeat("ab01", 17), ""},
		{`{"image":"c:\\programdata\\WDUPD\\svchost32.exe"}`, `C:\ProgramData\wdupd\svchost32.exe`},
		{`ran C:\Temp\upd.exe /s`, "upd.exe"},
		{"ran winupd.exe and my-upd.exe", ""},
		{"添付は請求書でした", "請求書"},
		{"billing[at]kioskmail.net", "billing@kioskmail.net"},
		{`"Mozilla/4.0 (compatible; wdupd 1.2)"`, "Mozilla/4.0 (compatible; wdupd 1.2)"},
		{"AS64500 64500", ""},
		{"電子カルテ端末から45.77.201.9への通信", "45.77.201.9"},
		{"a1.kioskmail.net cdn-update.kioskmail.net x CDN-UPDATE.kioskmail[.]net", "cdn-update.kioskmail.net"},
		{"", ""},
	} {
		var got []string
		for _, i := range s.Find([]byte(c.line)) {
			got = append(got, list[i].Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: found %q, want %q", c.line, got, c.want)
		}
	}
}

func TestEachAlertsValueIsFound(t *testing.T) {
	s := sift.New(values(string(hub.Domain), "a1.kioskmail.net", string(hub.Domain), "A1.kioskmail.net.", string(hub.IPv4), "192.0.2.7", string(hub.IPv4), "192.0.2.7")).Scanner()
	if got := s.Find([]byte("a1.kioskmail.net 192.0.2.7 192.0.2.7")); !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("found %v", got)
	}
}

// naive finds the same the slow way: every value in every spelling of the line.
func naive(list []sift.Value, line string) []int {
	var out []int
	lines := spellings(line)
	for i, v := range list {
		if slices.ContainsFunc(lines, func(l string) bool { return holds(l, v) }) {
			out = append(out, i)
		}
	}
	return out
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}

var (
	brackets = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[・]", ".", "\\.", ".",
		"[:]", ":", "[://]", "://", "h**p", "http", "[@]", "@", "(@)", "@", "[at]", "@", "(at)", "@", "[/]", "/")
	escapes = strings.NewReplacer("\\\\", "\\", "\\/", "/", "\\\"", "\"")
	scheme  = regexp.MustCompile(`(^|[^a-z0-9_])(hxxps?|fxp)\b`)
	percent = regexp.MustCompile(`(?i)%[0-9a-f]{2}`)
)

func spellings(line string) []string {
	line = asciiLower(line)
	out := []string{line, escapes.Replace(line), asciiLower(percent.ReplaceAllStringFunc(line, func(s string) string {
		var b byte
		fmt.Sscanf(s, "%%%02x", &b)
		return string([]byte{b})
	}))}
	for _, l := range slices.Clone(out) {
		l = scheme.ReplaceAllStringFunc(brackets.Replace(l), func(s string) string {
			return strings.NewReplacer("hxxp", "http", "fxp", "ftp").Replace(s)
		})
		out = append(out, l)
	}
	return out
}

func is(s, class string) bool {
	return s != "" && regexp.MustCompile("^["+class+"]").MatchString(s)
}

func holds(line string, v sift.Value) bool {
	if v.Kind == hub.IPv4 || v.Kind == hub.IPv6 {
		return holdsAddress(line, v.Text)
	}
	value := asciiLower(strings.TrimSpace(v.Text))
	if v.Kind == hub.Domain {
		value = strings.Trim(value, ".")
	}
	if v.Kind == hub.AS || v.Kind == hub.Pattern || len(value) < 4 {
		return false
	}
	for at := 0; at+len(value) <= len(line); at++ {
		if strings.HasPrefix(line[at:], value) && stands(v.Kind, line[:at], value, line[at+len(value):]) {
			return true
		}
	}
	return false
}

func stands(kind hub.Kind, before, value, after string) bool {
	if n := len(before); n > 0 {
		before = before[n-1:]
	}
	first, last := is(value, "a-z0-9_"), is(value[len(value)-1:], "a-z0-9_")
	ends := !is(after, "a-z0-9_-") && !(strings.HasPrefix(after, ".") && is(after[1:], "a-z0-9"))
	switch kind {
	case hub.Domain:
		return !is(before, "a-z0-9_-") && ends
	case hub.FileName:
		return !is(before, "a-z0-9_.-") && !is(after, "a-z0-9_-")
	case hub.URL:
		return !(first && is(before, "a-z0-9_")) && (!last || ends)
	}
	return !(first && is(before, "a-z0-9_")) && !(last && is(after, "a-z0-9_"))
}

func holdsAddress(line, value string) bool {
	net, err := netip.ParsePrefix(value)
	if err != nil {
		a, err := netip.ParseAddr(value)
		if err != nil {
			return false
		}
		net = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
	}
	if net.Addr().Is4In6() && net.Bits() >= 96 {
		net = netip.PrefixFrom(net.Addr().Unmap(), net.Bits()-96)
	}
	for _, run := range regexp.MustCompile("[0-9a-f:.]+").FindAllString(line, -1) {
		run = strings.Trim(run, ".")
		a, err := netip.ParseAddr(run)
		if err != nil {
			a, err = netip.ParseAddr(strings.TrimSuffix(run, ":"))
		}
		if err == nil {
			if net.Contains(a.Unmap()) {
				return true
			}
			continue
		}
		for part := range strings.SplitSeq(run, ":") {
			a, err := netip.ParseAddr(strings.Trim(part, "."))
			if err == nil && net.Contains(a) {
				return true
			}
		}
	}
	return false
}

// pieces are what lines and values of the comparison are made of: pieces of values and
// of what stands beside and between them.
var pieces = []string{
	"a", "b1", "_", "-", ".", "..", ".-", " ", "net", "kiosk", "evil", "www", ":", "::", "://", "/", "//", "http", "HTTP", "hxxp", "hXXps", "fxp", "ftp",
	"1", "10", "45", "255", "256", "0", "00", "1.2.3.4", "45.7.", "10.0.0.1", ":443", "ffff", "2a03", "::1", "fe80", "%2e", "%2F", "%", "%zz", "\\", "\\\\", "\\/", "\"",
	"[.]", "[dot]", "(", ")", "[", "]", "[:]", "[://]", "h**p", "**", "*", "@", "[at]", "exe", "bin", "upd", "請求", "・", "[・]", "\xff", "\x00", "\t", "?", "=", "<",
}

func draw(r *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

var kinds = []hub.Kind{hub.IPv4, hub.IPv6, hub.Domain, hub.Domain, hub.URL, hub.URL, hub.FileName, hub.FilePath, hub.Mail, hub.UserAgent, hub.SHA256}

func drawList(r *rand.Rand) []sift.Value {
	list := values(string(hub.IPv4), "1.2.3.4", string(hub.IPv4), "45.7.10.0/24", string(hub.IPv4), "10.0.0.0/8", string(hub.IPv4), "::ffff:10.0.0.0/120", string(hub.IPv6), "2a03::1", string(hub.IPv6), "::/16",
		string(hub.Domain), "evil.net", string(hub.Domain), "kiosk", string(hub.URL), "http://evil.net/a", string(hub.URL), "http://evil.net", string(hub.URL), "http://www.evil.net/", string(hub.FileName), "upd.exe", string(hub.FileName), "請求")
	for range r.IntN(20) {
		list = append(list, sift.Value{Kind: kinds[r.IntN(len(kinds))], Text: draw(r, 5)})
	}
	return list
}

func drawLine(r *rand.Rand, list []sift.Value) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString(draw(r, 3))
		if r.IntN(2) == 0 {
			b.WriteString(list[r.IntN(len(list))].Text)
		}
	}
	return b.String()
}

// TestFindsWhatTheNaiveWayFinds compares 20,000 lines of pieces that meet in every way.
func TestFindsWhatTheNaiveWayFinds(t *testing.T) {
	found := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 1))
		list := drawList(r)
		s := sift.New(list).Scanner()
		for range 20 {
			line := drawLine(r, list)
			got, want := s.Find([]byte(line)), naive(list, line)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, line %q\nvalues %q\nfound %v, want %v", seed, line, list, got, want)
			}
			found += len(want)
		}
	}
	if found < 5000 {
		t.Errorf("only %d finds: the lines are no test", found)
	}
}

func FuzzFind(f *testing.F) {
	f.Add(uint64(1), "45[.]7[.]10[.]9 %41%zz \\\\ \xff hxxp://evil.net")
	f.Fuzz(func(t *testing.T, seed uint64, line string) {
		list := drawList(rand.New(rand.NewPCG(seed, 1)))
		got, want := sift.New(list).Scanner().Find([]byte(line)), naive(list, line)
		if !slices.Equal(got, want) {
			t.Errorf("line %q, values %q: found %v, want %v", line, list, got, want)
		}
	})
}

// million are a million values as lists have them.
func million() []sift.Value {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]sift.Value, 0, 1_000_000)
	for i := range cap(list) {
		v := sift.Value{Kind: hub.IPv4, Text: netip.AddrFrom4([4]byte{byte(11 + r.IntN(200)), byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))}).String()}
		switch i % 20 {
		case 0:
			v.Text = fmt.Sprintf("%d.%d.%d.0/%d", 11+r.IntN(200), r.IntN(256), r.IntN(256), 20+r.IntN(5))
		case 1, 2, 3, 4, 5, 6:
			v = sift.Value{Kind: hub.Domain, Text: fmt.Sprintf("h%d.kiosk%d.net", r.IntN(1000), r.IntN(500_000))}
		case 7, 8, 9:
			v = sift.Value{Kind: hub.URL, Text: fmt.Sprintf("http://drop%d.example/k/%x.bin", r.IntN(1000), r.Uint32())}
		case 10, 11, 12:
			v = sift.Value{Kind: hub.SHA256, Text: fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())}
		case 13:
			v = sift.Value{Kind: hub.FileName, Text: fmt.Sprintf("upd%d.exe", r.Uint32())}
		}
		list = append(list, v)
	}
	return list
}

// logs are a megabyte of lines as proxies, firewalls and mail servers write them.
func logs(kind string) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	var b bytes.Buffer
	for b.Len() < 1<<20 {
		inside, outside := fmt.Sprintf("10.24.%d.%d", r.IntN(64), r.IntN(256)), fmt.Sprintf("%d.%d.%d.%d", 11+r.IntN(200), r.IntN(256), r.IntN(256), r.IntN(256))
		switch kind {
		case "proxy":
			fmt.Fprintf(&b, "%d.%03d %6d %s TCP_MISS/200 %d GET http://www%d.clinic-supplies.jp/catalog/item%%20list?id=%d&lang=ja - HIER_DIRECT/%s text/html\n", 1763942400+r.IntN(86400), r.IntN(1000), r.IntN(9000), inside, r.IntN(90000), r.IntN(40), r.IntN(10000), outside)
		case "web":
			fmt.Fprintf(&b, "%s - - [26/Nov/2026:%02d:%02d:%02d +0900] \"GET /portal/index.php?p=%d HTTP/1.1\" 200 %d \"https://intra.example.jp/start\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36\"\n", inside, r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(100), r.IntN(90000))
		case "firewall":
			fmt.Fprintf(&b, "Nov 26 %02d:%02d:%02d fw01 kernel: [%d.%06d] IN=eth0 OUT=eth1 MAC=52:54:00:12:34:%02x SRC=%s DST=%s LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=%d DF PROTO=TCP SPT=%d DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0\n", r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(99999), r.IntN(1e6), r.IntN(256), inside, outside, r.IntN(65536), r.IntN(65536))
		case "mail":
			fmt.Fprintf(&b, "Nov 26 %02d:%02d:%02d mx01 postfix/smtp[%d]: %010X: to=<user%d@example%d.jp>, relay=mail%d.example.jp[%s]:25, delay=0.%d, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %010X)\n", r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(32768), r.Uint32(), r.IntN(1000), r.IntN(300), r.IntN(9), outside, r.IntN(100), r.Uint32())
		}
	}
	return b.Bytes()
}

// BenchmarkFind is one core's speed over lines, a million values sought; beside it the
// raw automaton over the same bytes, which holds a thousandth of them.
func BenchmarkFind(b *testing.B) {
	list := million()
	s := sift.New(list).Scanner()
	var few []string
	for i := 0; i < len(list); i += 1000 {
		few = append(few, list[i].Text)
	}
	raw := automaton.New(few)
	for _, kind := range []string{"proxy", "web", "firewall", "mail"} {
		text := logs(kind)
		b.Run(kind, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				for line := range bytes.Lines(text) {
					s.Find(line)
				}
			}
		})
		b.Run(kind+"-raw-automaton", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				for range raw.All(text) {
				}
			}
		})
	}
}
