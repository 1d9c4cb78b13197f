package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
)

var update = flag.Bool("update", false, "write the list of modules anew")

// TestModules holds the list of modules that end in the programs: a new one is seen in
// review.
func TestModules(t *testing.T) {
	c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./cmd/isacd", "./cmd/isac")
	c.Dir = "../.."
	text, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	have := slices.Compact(slices.Sorted(slices.Values(strings.Fields(string(text)))))
	golden := filepath.Join("testdata", "modules.txt")
	if *update {
		err := os.WriteFile(golden, []byte(strings.Join(have, "\n")+"\n"), 0o644)
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range have {
		if !slices.Contains(strings.Fields(string(want)), m) {
			t.Errorf("new module %s: go test ./internal/dist -update, and say in the commit why it is worth its trust", m)
		}
	}
	for _, m := range strings.Fields(string(want)) {
		if !slices.Contains(have, m) {
			t.Errorf("module %s is gone: go test ./internal/dist -update", m)
		}
	}
}

// TestEveryMetricThatIsAskedForExists compares rules and dashboard with what a running
// hub serves.
func TestEveryMetricThatIsAskedForExists(t *testing.T) {
	h := hubtest.Start(t, 6)
	h.Metrics.Request("report", "ok") // counters are there from their first count
	h.Metrics.Released(hub.Flash, time.Hour)
	h.Metrics.Due(review.FlashLate)
	served := ""
	h.Poll("the metrics", func() bool {
		rec := httptest.NewRecorder()
		h.Metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		served = rec.Body.String()
		return strings.Contains(served, "isac_ready 1") && strings.Contains(served, "isac_mails_at_once") && strings.Contains(served, "isac_retention_overdue")
	})
	name := regexp.MustCompile(`\b(?:isac|go|process)_[a-z0-9_]+`)
	for file, least := range map[string]int{"alerts.yml": 10, "grafana.json": 15} {
		text, err := beside.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		asked := slices.Compact(slices.Sorted(slices.Values(name.FindAllString(string(text), -1))))
		if len(asked) < least {
			t.Errorf("%s asks for %d metrics only: %v", file, len(asked), asked)
		}
		for _, m := range asked {
			if !regexp.MustCompile(`(?m)^` + m + `[ {]`).MatchString(served) {
				t.Errorf("%s asks for %s, which the hub doesn't serve", file, m)
			}
		}
	}
	var board struct{ Panels []struct{ Title string } }
	text, _ := beside.ReadFile("grafana.json")
	err := json.Unmarshal(text, &board)
	if err != nil || len(board.Panels) < 15 {
		t.Errorf("the dashboard has %d panels, %v", len(board.Panels), err)
	}
}

// TestEveryAlertHasAChapter holds rules and runbook together.
func TestEveryAlertHasAChapter(t *testing.T) {
	rules, _ := beside.ReadFile("alerts.yml")
	book, _ := beside.ReadFile("runbook.md")
	links := regexp.MustCompile(`runbook\.md#([a-z]+)`).FindAllStringSubmatch(string(rules), -1)
	if len(links) != strings.Count(string(rules), "- alert: ") || len(links) < 10 {
		t.Errorf("%d alerts, %d links", strings.Count(string(rules), "- alert: "), len(links))
	}
	for _, l := range links {
		if !strings.Contains(strings.ToLower(string(book)), "\n## "+l[1]+"\n") {
			t.Errorf("the runbook has no chapter %s", l[1])
		}
	}
}

// TestUnitsTakeRightsAway holds what the hub's units must not lose.
func TestUnitsTakeRightsAway(t *testing.T) {
	for _, unit := range []string{"isacd.service", "isacd-inner.service", "isacd-outer.service", "isacd-backup.service", "isac-signer.service"} {
		text, _ := beside.ReadFile(unit)
		for _, want := range []string{"User=isac", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n", "ProtectSystem=strict", "PrivateDevices=yes", "MemoryDenyWriteExecute=yes", "UMask=0077", "SystemCallFilter=@system-service", "RestrictNamespaces=yes"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %s", unit, strings.TrimSpace(want))
			}
		}
	}
}

// TestTheSignersSocketOutlivesTheHub holds that no unit of the hub takes the signer's
// folder away when it stops.
func TestTheSignersSocketOutlivesTheHub(t *testing.T) {
	text, _ := beside.ReadFile("isac-signer.service")
	for _, want := range []string{"ExecStart=/usr/bin/ssh-agent -D -a /run/isac-signer/agent.sock", "RuntimeDirectory=isac-signer", "RuntimeDirectoryMode=0700", "PrivateNetwork=yes", "LimitCORE=0"} {
		if !strings.Contains(string(text), "\n"+want+"\n") {
			t.Errorf("the signer's unit lacks %s", want)
		}
	}
	for _, unit := range []string{"isacd.service", "isacd-inner.service", "isacd-outer.service"} {
		if text, _ := beside.ReadFile(unit); strings.Contains(string(text), "isac-signer") {
			t.Errorf("%s names the signer's folder", unit)
		}
	}
}

// TestTheOuterPartIsKeptApart holds what parts the two of a hub: users, folders, and that
// the kernel can tell one the other's user.
func TestTheOuterPartIsKeptApart(t *testing.T) {
	for unit, lines := range map[string][]string{
		"isacd-inner.service": {"User=isac", "StateDirectory=isac", "RuntimeDirectory=isac", "RuntimeDirectoryMode=0710", "InaccessiblePaths=-/var/lib/isac-outer"},
		"isacd-outer.service": {"User=isac-outer", "Group=isac-outer", "SupplementaryGroups=isac", "StateDirectory=isac-outer", "InaccessiblePaths=-/var/lib/isac -/etc/isac/inner.toml"},
	} {
		text, _ := beside.ReadFile(unit)
		for _, want := range append(lines, "StateDirectoryMode=0700", "ProtectProc=invisible", "LimitCORE=0", "Conflicts=isacd.service") {
			if !strings.Contains(string(text), "\n"+want+"\n") {
				t.Errorf("%s lacks %s", unit, want)
			}
		}
		if strings.Contains(string(text), "\nPrivateUsers=") {
			t.Errorf("%s hides from the kernel's word who is at the socket", unit)
		}
	}
}

// TestPackages packs small programs, twice, and reads the package with Debian's own tool.
func TestPackages(t *testing.T) {
	built := map[string][]byte{"isac": []byte("client"), "isacd": []byte("hub")}
	files, err := contents(built, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	pack := func() (tarball, deb bytes.Buffer) {
		err := writeTarball(&tarball, "isac-1", files)
		if err == nil {
			err = writeDeb(&deb, "1.2.3", files)
		}
		if err != nil {
			t.Fatal(err)
		}
		return tarball, deb
	}
	tarball, deb := pack()
	again, debAgain := pack()
	if !bytes.Equal(tarball.Bytes(), again.Bytes()) || !bytes.Equal(deb.Bytes(), debAgain.Bytes()) {
		t.Error("two packages of the same files differ")
	}
	file := filepath.Join(t.TempDir(), "isac.deb")
	err = os.WriteFile(file, deb.Bytes(), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ flag, want string }{
		{"--field", "Version: 1.2.3"}, {"--contents", "-rwxr-xr-x root/root         3 1970-01-01 00:00 ./usr/bin/isacd"}, {"--contents", "./usr/lib/systemd/system/isacd.service"},
	} {
		c := exec.Command("dpkg-deb", one.flag, file)
		c.Env = append(os.Environ(), "TZ=UTC")
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), one.want) {
			t.Errorf("dpkg-deb %s: no %q, %v\n%s", one.flag, one.want, err, out)
		}
	}
}

// TestBillOfMaterials writes that of a program with two modules, one of them replaced.
func TestBillOfMaterials(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{
		{Path: "example.com/a/v2", Version: "v2.1.0", Sum: "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
		{Path: "example.com/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.0.1"}},
	}}
	text, err := bill(info, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	var b bom
	err = json.Unmarshal(text, &b)
	if err != nil || b.Format != "CycloneDX" || b.Spec != "1.6" || b.Metadata.Component.Version != "1.2.3" || len(b.Components) != 3 {
		t.Fatalf("%+v, %v", b, err)
	}
	want := component{
		Type: "library", Ref: "pkg:golang/example.com/a/v2@v2.1.0", Name: "example.com/a/v2", Version: "v2.1.0", PURL: "pkg:golang/example.com/a/v2@v2.1.0",
		Hashes: []sum{{"SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
	}
	if !reflect.DeepEqual(b.Components[1], want) || b.Components[2].Name != "example.com/fork" {
		t.Errorf("components: %+v", b.Components)
	}
}
