package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"isac/internal/hubtest"
)

// TestMailOfTheOperator: the command sends one mail by the settings of the hub, and says
// what to do where it can't; nothing says to whom.
func TestMailOfTheOperator(t *testing.T) {
	b := hubtest.OpenMailbox(t)
	dir := t.TempDir()
	ca, config := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "isac.toml")
	err := os.WriteFile(ca, b.CA, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	run := func(settings string, args ...string) (string, int) {
		t.Helper()
		err := os.WriteFile(config, []byte(settings), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		c := exec.Command(filepath.Join(bin, "isacd"), append([]string{"mail", "test", "--config", config, "--lang", "en"}, args...)...)
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		_ = c.Run() // the code says it
		return out.String(), c.ProcessState.ExitCode()
	}
	good := fmt.Sprintf("[mail]\nserver = %q\nfrom = \"ISAC <alerts@isac.example.jp>\"\nca = %q\n", b.Addr, ca)
	out, code := run(good, "somebody@one.example.jp")
	got := b.To("somebody@one.example.jp")
	if code != 0 || len(got) != 1 || got[0].Header("Subject") != "Test of notices" {
		t.Fatalf("exit %d: %s; %d letters", code, out, len(got))
	}
	for what, c := range map[string]struct {
		settings, to string
		code         int
		says         string
	}{
		"no mail":              {"", "a@one.example.jp", 1, "[mail]"},
		"two lines":            {good, "a@one.example.jp\r\nBcc: b@one.example.jp", 1, "exactly one"},
		"no such server":       {strings.Replace(good, b.Addr, "127.0.0.1:1", 1), "a@one.example.jp", 7, "can't be reached"},
		"nobody's certificate": {good[:strings.Index(good, "ca = ")], "a@one.example.jp", 7, "certificate"},
		"in the clear":         {"[mail]\nserver = \"smtp.example.jp:25\"\nsecurity = \"none\"\nfrom = \"a@b.jp\"\n", "a@one.example.jp", 1, "localhost"},
		"an unknown key":       {good + "colour = 1\n", "a@one.example.jp", 1, "mail.colour"},
	} {
		out, code := run(c.settings, c.to)
		if code != c.code || !strings.Contains(out, c.says) || strings.Contains(out, "one.example.jp") {
			t.Errorf("%s: exit %d, %s", what, code, out)
		}
	}
	if n := len(b.Letters()); n != 1 {
		t.Errorf("%d letters, want 1", n)
	}
}
