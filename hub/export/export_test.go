package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/export"
)

var update = flag.Bool("update", false, "rewrite testdata")

var made = time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)

func indicators(kind hub.Kind, values ...string) []export.Indicator {
	var out []export.Indicator
	for _, v := range values {
		out = append(out, export.Indicator{
			Row: int64(len(out) + 1), ID: "indicator--0f6e2d3c-6d2a-5c0e-9a53-0d3c5b5f1a11", Kind: kind, Value: v, Confidence: 75,
			From: made.Add(-48 * time.Hour), Until: made.Add(28 * 24 * time.Hour), Alert: "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60", Number: 42, Severity: hub.High, TLP: hub.TLPGreen,
		})
	}
	return out
}

func written(t *testing.T, form string, list []export.Indicator) (string, int) {
	t.Helper()
	var b bytes.Buffer
	w, err := export.To(&b, form, export.Head{Hub: "ISAC hub", URL: "https://hub.example.jp", Made: made})
	for _, i := range list {
		if err == nil {
			err = w.Put(i)
		}
	}
	if err == nil {
		err = w.End()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), w.Left
}

// ordinary are indicators as alerts have them.
func ordinary() []export.Indicator {
	sha256 := strings.Repeat("0123456789abcdef", 4)
	out := slices.Concat(
		indicators(hub.IPv4, "198.41.0.4", "185.220.100.0/24"), indicators(hub.IPv6, "2a03:2880:f10c::25de"),
		indicators(hub.Domain, "update-check.net", "_dmarc.evil-login.com"), indicators(hub.URL, "http://evil-login.com/a;b?c=\"d\"", "https://evil-login.com/x", "http://198.41.0.4:8080/p"),
		indicators(hub.SHA256, sha256, strings.ToUpper(sha256)), indicators(hub.MD5, sha256[:32]), indicators(hub.SHA1, sha256[:40]),
		indicators(hub.UserAgent, `Mozilla/4.0 (compatible; "x")`), indicators(hub.Mail, "a@evil-login.com"), indicators(hub.FileName, "復元方法.txt"), indicators(hub.Mutex, `Global\a|b`),
	)
	for n := range out {
		out[n].Row = int64(n + 1)
	}
	return out
}

func TestFormsAreAsTheyWere(t *testing.T) {
	for _, f := range export.Forms() {
		t.Run(f.Name, func(t *testing.T) {
			got, _ := written(t, f.Name, ordinary())
			file := filepath.Join("testdata", f.Name+f.Ext)
			if *update {
				err := os.WriteFile(file, []byte(got), 0o644)
				if err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is now\n%s", f.Name, got)
			}
		})
	}
}

// hostile are values that would mean something of their own in one form or another.
func hostile() []export.Indicator {
	values := []string{
		"", " ", "=1+1", "@SUM(A1)", "\t=1", "'=1", "a\nb", "a\r\nInjected: yes", "a\u2028b", "a\x00b", "a,b", `a"b`, `a\`, `a\"; drop`, "a;b", "a|b", "a]b", "a\tb", "#comment", ";x", "!x", "*", "*.com", "com", ".", "..", "-a.com",
		"a b.com", "evil.com 0.0.0.0 bank.com", "evil.com\n0.0.0.0 bank.com", "evil.com CNAME rpz-passthru.", "$INCLUDE /etc/passwd", "@", "0.0.0.0/0", "::/0", "1.2.3.4 any", "1.2.3.4] any <> any any", "::ffff:1.2.3.4", "::ffff:1.2.3.0/120", "fe80::1%eth0",
		"http://a.com/|3b|", `http://a.com/"; sid:1; content:"`, "http://user@a.com/", "http://[::1]/", "http://a.com:bad/", "javascript:alert(1)", strings.Repeat("a", 300) + ".com", strings.Repeat("a.", 150) + "com", `" } rule x { condition: true`,
		"${jndi:ldap://a}", "%s%n", "<script>alert(1)</script>", "電算.example", "xn--zz.com",
	}
	var out []export.Indicator
	for _, k := range []hub.Kind{hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.UserAgent, hub.MD5, hub.SHA256, hub.Mail, hub.FileName, hub.CommandLine, hub.Pattern, hub.RegistryKey} {
		out = append(out, indicators(k, values...)...)
	}
	return out
}

// line shapes: what every line of a form is, whatever the values were.
var shapes = map[string]*regexp.Regexp{
	"hosts":    regexp.MustCompile(`^(#.*|0\.0\.0\.0 [a-z0-9._-]+)$`),
	"rpz":      regexp.MustCompile(`^(;.*|\$TTL 300|@ IN (SOA|NS) .*|(\*\.)?[a-z0-9._-]+ CNAME \.)$`),
	"suricata": rules, "snort": rules,
	"yara":   regexp.MustCompile(`^(//.*|import "hash"|rule isac_\d+ \{ meta: alert = "[0-9a-f-]+" number = \d+ confidence = \d+ condition: hash\.(md5|sha1|sha256)\(0, filesize\) == "[0-9a-f]+" \})$`),
	"cef":    regexp.MustCompile(`^CEF:0\|isac\|ISAC hub\|1\|indicator\|Released indicator\|8\|cat=.* cs1Label=value cs1=([^=\\]|\\.)* cs2Label=alert .*$`),
	"leef":   regexp.MustCompile(`^LEEF:2\.0\|isac\|ISAC hub\|1\|indicator\|x09\|(\w+=[^\t]*\t){9}id=\S+$`),
	"syslog": regexp.MustCompile(`^<107>1 2026-11-26T03:00:00\.000Z - isac - indicator \[isac@32473( \w+="([^"\\\]]|\\["\\\]])*"){7}\]$`),
	"list":   regexp.MustCompile(`^[^\s#;!/][^\n]*$`),
}

var rules = regexp.MustCompile(`^(#.*|alert (ip|dns|http|tls|udp) \$HOME_NET any -> \S+ \S+ \(msg:"[^";\\]*"; ([a-z_.]+(:([^";\\]|"[^"]*")+)?; )+sid:3\d{9}; rev:1;\))$`)

func TestNoValueMeansMoreThanItself(t *testing.T) {
	for name, shape := range shapes {
		text, left := written(t, name, hostile())
		if left == 0 {
			t.Errorf("%s takes everything", name)
		}
		for line := range strings.Lines(text) {
			if !shape.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s has the line %q", name, line)
			}
		}
	}
	text, _ := written(t, "csv", hostile())
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(records) != len(hostile())+1 {
		t.Fatal("the table can't be read:", err)
	}
	for _, r := range records {
		if strings.ContainsAny(r[1][:min(1, len(r[1]))], "=+-@\t\r\n") {
			t.Errorf("a spreadsheet takes %q for a formula", r[1])
		}
	}
	text, _ = written(t, "jsonl", hostile())
	n := 0
	for line := range strings.Lines(text) {
		var v struct{ Value string }
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Value != hostile()[n].Value {
			t.Errorf("line %d holds %q: %v", n, v.Value, err)
		}
		n++
	}
}

// Nothing in a block list blocks everything, or a whole top-level domain.
func TestListsBlockNothingWhole(t *testing.T) {
	for _, form := range []string{"list", "hosts", "rpz", "suricata", "snort"} {
		text, _ := written(t, form, slices.Concat(indicators(hub.IPv4, "0.0.0.0/0"), indicators(hub.IPv6, "::/0"), indicators(hub.Domain, "com", "*", "*.com", ".", "co.jp", "tokyo.jp", "ddns.net")))
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, ";") && !strings.HasPrefix(line, "@ IN") && !strings.HasPrefix(line, "$TTL") {
				t.Errorf("%s has %q", form, line)
			}
		}
	}
}

// The real tools read what is written for them.
func TestToolsTakeTheFiles(t *testing.T) {
	dir := t.TempDir()
	clean := filepath.Join(dir, "clean")
	if err := os.WriteFile(clean, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for tool, do := range map[string]struct {
		form string
		args func(file string) []string
	}{
		"named-checkzone": {"rpz", func(file string) []string { return []string{"-k", "fail", "rpz.isac", file} }},
		"yara":            {"yara", func(file string) []string { return []string{file, clean} }},
	} {
		path, err := exec.LookPath(tool)
		if err != nil {
			if os.Getenv("ISAC_TOOLS") == "required" {
				t.Errorf("%s is missing (Debian: bind9-utils, yara)", tool)
			} else {
				t.Logf("not checked: %s is missing (Debian: bind9-utils, yara)", tool)
			}
			continue
		}
		text, _ := written(t, do.form, append(ordinary(), hostile()...))
		if do.form == "yara" { // there each rule has a number of its own
			text = renumbered(text)
		}
		file := filepath.Join(dir, do.form)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(path, do.args(file)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", tool, err, out)
		}
	}
}

func renumbered(rules string) string {
	n := 0
	return regexp.MustCompile(`isac_\d+`).ReplaceAllStringFunc(rules, func(string) string { n++; return fmt.Sprint("isac_", n) })
}

func FuzzPut(f *testing.F) {
	for _, i := range append(ordinary(), hostile()...) {
		f.Add(string(i.Kind), i.Value)
	}
	f.Fuzz(func(t *testing.T, kind, value string) {
		if !slices.Contains(hub.Kinds(), hub.Kind(kind)) {
			return
		}
		for name, shape := range shapes {
			text, _ := written(t, name, indicators(hub.Kind(kind), value))
			for line := range strings.Lines(text) {
				if !shape.MatchString(strings.TrimSuffix(line, "\n")) {
					t.Errorf("%s has the line %q", name, line)
				}
			}
			if strings.Count(text, "\n") > 6 {
				t.Errorf("%s has a line too many: %q", name, text)
			}
		}
	})
}

func TestMISPFeed(t *testing.T) {
	head := export.Head{Hub: "ISAC hub", Made: made}
	alert := export.Alert{
		ID: "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60", Title: "病院へのランサムウェア攻撃", Published: made, Severity: hub.High, TLP: hub.TLPAmberStrict,
		Techniques: []export.Technique{{ID: "T1190", Name: "Exploit Public-Facing Application"}},
	}
	event, err := export.MISPEvent(head, alert, ordinary())
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := export.MISPManifest(head, []export.Alert{alert})
	if err != nil {
		t.Fatal(err)
	}
	got := string(event) + string(manifest) + export.MISPHash("update-check.net", alert.ID)
	file := filepath.Join("testdata", "misp.json")
	if *update {
		err := os.WriteFile(file, []byte(got), 0o644)
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%v; the feed is now\n%s", err, got)
	}
}

func TestTriggersNameTheirNetworks(t *testing.T) {
	for network, want := range map[string]string{
		"198.41.0.4/32": "32.4.0.41.198", "185.220.100.0/24": "24.0.100.220.185", "2001:db8::1/128": "128.1.zz.db8.2001", "2001:db8::/32": "32.zz.db8.2001", "::1/128": "128.1.zz",
		"2a03:2880:f10c:83:face:b00c:0:25de/128": "128.25de.0.b00c.face.83.f10c.2880.2a03",
	} {
		p := netip.MustParsePrefix(network)
		text, _ := written(t, "rpz", indicators(hub.IPv6, p.String()))
		if !strings.Contains(text, "\n"+want+".rpz-ip CNAME .\n") {
			t.Errorf("%s: %s", network, text)
		}
	}
}
