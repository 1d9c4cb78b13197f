package main

import (
	"fmt"
	"strings"
	"testing"

	"isac/hub"
)

func TestMatcherFindsEverySpellingAndNoNeighbour(t *testing.T) {
	m := newMatcher([]indicator{
		{Type: string(hub.IPv4), Value: "45.77.201.9"},
		{Type: string(hub.IPv4), Value: "91.198.64.0/26"},
		{Type: string(hub.IPv6), Value: "2a03:90c0:1f::8"},
		{Type: string(hub.Domain), Value: "cdn-update.kioskmail.net"},
		{Type: string(hub.URL), Value: "http://filedrop.qorv.io/k/stage2.bin"},
		{Type: string(hub.SHA256), Value: strings.Repeat("ab01", 16)},
		{Type: string(hub.FilePath), Value: `C:\ProgramData\wdupd\svchost32.exe`},
		{Type: string(hub.FileName), Value: "upd.exe"},
		{Type: string(hub.Mail), Value: "billing@kioskmail.net"},
		{Type: string(hub.UserAgent), Value: "Mozilla/4.0 (compatible; wdupd 1.2)"},
		{Type: string(hub.AS), Value: "64500"},
	})
	for _, c := range []struct{ line, want string }{
		{"GET 45.77.201.9/ 200", "45.77.201.9"},
		{"src=45.77.201.9:51544 dst=10.0.0.1", "45.77.201.9"},
		{"from:45.77.201.9: denied.", "45.77.201.9"},
		{"peer ::ffff:45.77.201.9 connected", "45.77.201.9"},
		{"blocked 45[.]77[.]201[.]9", "45.77.201.9"},
		{"145.77.201.9 45.77.201.91 45.77.201.9.1", ""},
		{"seen 91.198.64.63", "91.198.64.0/26"},
		{"seen 91.198.64.64", ""},
		{"[2A03:90C0:001F:0:0:0:0:8]:443", "2a03:90c0:1f::8"},
		{"2a03:90c0:1f::8: timeout", "2a03:90c0:1f::8"},
		{"query: CDN-Update.KioskMail.NET. IN A", "cdn-update.kioskmail.net"},
		{"query: x7.cdn-update.kioskmail.net", "cdn-update.kioskmail.net"},
		{"hxxps://cdn-update[.]kioskmail[.]net/", "cdn-update.kioskmail.net"},
		{"https%3A%2F%2Fcdn-update%2Ekioskmail%2Enet%2F", "cdn-update.kioskmail.net"},
		{"cdn-update.kioskmail.net.trusted.org", ""},
		{"old-cdn-update.kioskmail.net", ""},
		{`{"url":"http:\/\/filedrop.qorv.io\/k\/stage2.bin?x=1"}`, "http://filedrop.qorv.io/k/stage2.bin"},
		{"hash " + strings.Repeat("AB01", 16), strings.Repeat("ab01", 16)},
		{"hash " + strings.Repeat("ab01", 17), ""},
		{`{"image":"c:\\programdata\\WDUPD\\svchost32.exe"}`, `C:\ProgramData\wdupd\svchost32.exe`},
		{`ran C:\Temp\upd.exe /s`, "upd.exe"},
		{"ran winupd.exe and my-upd.exe", ""},
		{"billing[at]kioskmail.net", "billing@kioskmail.net"},
		{`"Mozilla/4.0 (compatible; wdupd 1.2)"`, "Mozilla/4.0 (compatible; wdupd 1.2)"},
		{"AS64500 64500", ""},
		{"電子カルテ端末から 45.77.201.9 への通信", "45.77.201.9"},
		{"", ""},
	} {
		var got []string
		for _, i := range m.find(c.line, 0) {
			got = append(got, i.Value)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: found %q, want %q", c.line, got, c.want)
		}
	}
}

func TestMatcherTellsAnIndicatorOnceALine(t *testing.T) {
	m := newMatcher([]indicator{{Type: string(hub.Domain), Value: "a1.kioskmail.net", Alert: "x"}, {Type: string(hub.Domain), Value: "a1.kioskmail.net", Alert: "y"}})
	found := m.find("a1.kioskmail.net a1[.]kioskmail[.]net A1.KIOSKMAIL.NET", 0)
	if len(found) != 2 || found[0].Alert == found[1].Alert {
		t.Errorf("found %v, want each alert's indicator once", found)
	}
}

func FuzzMatcher(f *testing.F) {
	m := newMatcher([]indicator{{Type: string(hub.IPv4), Value: "45.77.201.9"}, {Type: string(hub.Domain), Value: "a1.kioskmail.net"}})
	f.Add("45[.]77[.]201[.]9 %41%zz \\\\ \xff hxxp://a1.kioskmail.net")
	f.Fuzz(func(t *testing.T, line string) {
		m.find(line, 0)
		if got := m.find(line+"\n45.77.201.9\n", 0); len(got) == 0 {
			t.Errorf("an address on its own is not found behind %q", line)
		}
	})
}

func BenchmarkMatcher(b *testing.B) {
	var list []indicator
	for i := range 50_000 {
		list = append(list, indicator{Type: string(hub.Domain), Value: fmt.Sprintf("h%d.kioskmail.net", i)}, indicator{Type: string(hub.IPv4), Value: fmt.Sprintf("45.%d.%d.7", i/250, i%250)})
	}
	m := newMatcher(list)
	line := `1763942400.123 57 10.24.7.31 TCP_MISS/200 4312 GET http://www.clinic-supplies.jp/catalog/item?id=4711&lang=ja - HIER_DIRECT/160.16.52.10 text/html`
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		m.find(line, 0)
	}
}
