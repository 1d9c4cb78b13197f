package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/warning"
)

func TestWarningsOf(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := warningsOf(dir); hub.KindOf(err) != hub.Invalid {
		t.Errorf("an empty folder: %v", err)
	}
	write("schema.json", `{"type":"object"}`)
	write("lists/rented/list.json", `{"name":"rented","type":"cidr","version":3,"list":["18.176.0.0/13"],"matching_attributes":["ip-dst"]}`)
	write("own.json", `{"name":"own","type":"hostname","list":["mirror-kx.net"]}`)
	lists, err := warningsOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	if lists.Judge(hub.IPv4, "18.179.0.1") != warning.Shared || lists.Judge(hub.Domain, "mirror-kx.net") != warning.Public || lists.Judge(hub.IPv4, "8.8.8.8") != warning.Public {
		t.Error("a list, or the own table, isn't in it")
	}
	write("lists/broken/list.json", `{"name":"broken","type":"cidr","list":["mirror"]}`)
	if _, err := warningsOf(dir); err == nil || !strings.Contains(err.Error(), "lists/broken/list.json") {
		t.Errorf("a broken list: %v", err)
	}
	if _, err := warningsOf(filepath.Join(dir, "missing")); hub.KindOf(err) != hub.Invalid {
		t.Errorf("no folder: %v", err)
	}
	if lists, err := warningsOf(""); err != nil || lists.Judge(hub.IPv4, "1.1.1.1") != warning.Public {
		t.Errorf("no setting: %v", err)
	}
}
