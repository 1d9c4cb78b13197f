package warning

import (
	"strings"
	"testing"

	"isac/hub"
)

func read(t *testing.T, text string) List {
	t.Helper()
	l, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestJudge(t *testing.T) {
	lists := New(
		read(t, `{"name":"cloud","version":7,"description":"x","type":"cidr","list":["3.112.0.0/14","2406:da14::/36","13.107.4.50"],"matching_attributes":["ip-src","ip-dst","domain|ip"]}`),
		read(t, `{"name":"cdn","type":"hostname","list":["edgesuite.net",".akamaized.net","Cdn.Jsdelivr.net"],"matching_attributes":["hostname","domain","url"]}`),
		read(t, `{"name":"links","type":"string","list":["https://get.activated.win/x"],"matching_attributes":["url"]}`),
		read(t, `{"name":"parts","type":"substring","list":["/.well-known/"],"matching_attributes":["url"]}`),
		read(t, `{"name":"shapes","type":"regex","list":["/^wpad\\./i","^ntp[0-9]+\\.[a-z]+\\.jp$"],"matching_attributes":["domain"]}`),
		read(t, `{"name":"known files","type":"string","list":["275A021BBFB6489E54D471899F7DB9D1663FC695EC2FE2A2C4538AABF651FD0F"],"matching_attributes":["sha256"]}`),
	)
	for _, c := range []struct {
		kind  hub.Kind
		value string
		want  Verdict
	}{
		{hub.IPv4, "3.113.9.200", Shared},
		{hub.IPv4, "3.116.0.1", None},
		{hub.IPv4, "13.107.4.50", Public},
		{hub.IPv4, "3.112.4.0/24", Shared},
		{hub.IPv4, "3.0.0.0/8", None},
		{hub.IPv6, "2406:da14:10::7", Shared},
		{hub.IPv4, "8.8.8.8", Public},
		{hub.IPv6, "2001:4860:4860::8888", Public},
		{hub.IPv4, "8.8.8.9", None},
		{hub.Domain, "edgesuite.net", Public},
		{hub.Domain, "a248.e.edgesuite.net", Shared},
		{hub.Domain, "notedgesuite.net", None},
		{hub.Domain, "x.akamaized.net", Shared},
		{hub.Domain, "cdn.jsdelivr.net", Public},
		{hub.Domain, "wpad.kuro.net", Public},
		{hub.Domain, "ntp7.kuro.jp", Public},
		{hub.Domain, "github.com", Public},
		{hub.Domain, "evil.github.com.kuro.net", None},
		{hub.URL, "https://cdn.jsdelivr.net/", Public},
		{hub.URL, "https://cdn.jsdelivr.net/gh/kuro/x.ps1", None},
		{hub.URL, "https://github.com/kuro/stage/raw/a.exe", None},
		{hub.URL, "https://github.com/", Public},
		{hub.URL, "https://get.activated.win/x", Public},
		{hub.URL, "http://kuro.net/.well-known/a", Public},
		{hub.SHA256, "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f", Public},
		{hub.MD5, "d41d8cd98f00b204e9800998ecf8427e", Public},
		{hub.MD5, "9e107d9d372bb6826bd81d3542a419d6", None},
		{hub.Mail, "kuro@gmail.com", None},
		{hub.Mutex, "github.com", None},
	} {
		if got := lists.Judge(c.kind, c.value); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.kind, c.value, got, c.want)
		}
	}
	if (*Lists)(nil).Judge(hub.IPv4, "1.1.1.1") != Public {
		t.Error("without lists the own table is gone")
	}
}

func TestReadRefuses(t *testing.T) {
	for why, text := range map[string]string{
		"no type":          `{"name":"x","list":["a"]}`,
		"an unknown type":  `{"name":"x","type":"yara","list":["a"]}`,
		"no entries":       `{"name":"x","type":"string","list":[]}`,
		"no range":         `{"name":"x","type":"cidr","list":["10.0.0.0/8","kuro.net"]}`,
		"a broken shape":   `{"name":"x","type":"regex","list":["/(/"]}`,
		"an empty entry":   `{"name":"x","type":"substring","list":[""]}`,
		"a lone dot":       `{"name":"x","type":"hostname","list":["."]}`,
		"something else":   `[1]`,
		"a broken list":    `{"name":"x","type":"string","list":[7]}`,
		"nothing":          ``,
		"half of the text": `{"name":"x","type":"string","list":["a"`,
	} {
		if _, err := Read([]byte(text)); err == nil {
			t.Errorf("%s: no error", why)
		} else if strings.Contains(err.Error(), "kuro.net") {
			t.Errorf("%s: the error repeats an entry", why)
		}
	}
}

// TestOwnTable: the own table is in the form of any list.
func TestOwnTable(t *testing.T) {
	for _, l := range own() {
		for _, e := range l.List {
			if l.check(e) != nil {
				t.Errorf("%s: %q", l.Name, e)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"name":"x","type":"cidr","list":["10.0.0.0/8"]}`), "10.1.1.1")
	f.Add([]byte(`{"name":"x","type":"hostname","list":[".a.b","c"],"matching_attributes":["url"]}`), "http://x.a.b")
	f.Add([]byte(`{"name":"x","type":"regex","list":["/a+/i"]}`), "http://[::1]:80/")
	f.Fuzz(func(t *testing.T, data []byte, value string) {
		l, err := Read(data)
		if err != nil {
			return
		}
		lists := New(l)
		for _, k := range []hub.Kind{hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.FileName} {
			if v := lists.Judge(k, value); v < None || v > Public {
				t.Fatal("no verdict")
			}
		}
	})
}
