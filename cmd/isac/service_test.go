package main

import (
	"flag"
	"path/filepath"
	"slices"
	"testing"

	"isac/internal/console"
)

// A service is started in another folder than the one where it was installed: each file is
// named in full, what has no value isn't named, and the same flags read it.
func TestAServiceNamesItsFilesInFull(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	e := &console.Env{Flags: flag.NewFlagSet("x", flag.ContinueOnError)}
	e.Flags.String("lang", "ja", "")
	e.Flags.Bool("json", false, "")
	serviceFlags(e)
	if err := e.Flags.Parse([]string{"--creds", "me.creds", "--out", "alerts folder", "--exec", "block it"}); err != nil {
		t.Fatal(err)
	}
	got, err := serviceArguments(e.Flags)
	if err != nil {
		t.Fatal(err)
	}
	here := func(name string) string { return filepath.Join(dir, name) }
	want := []string{"service", "run", "--creds", here("me.creds"), "--cursor", here("isac.cursor"), "--exec", "block it", "--lang", "ja", "--log", here("isac.log"), "--out", here("alerts folder")}
	if !slices.Equal(got, want) {
		t.Errorf("the service is started with\n%q, want\n%q", got, want)
	}
	again := &console.Env{Flags: flag.NewFlagSet("x", flag.ContinueOnError)}
	again.Flags.String("lang", "", "")
	w, log := serviceFlags(again)
	if err := again.Flags.Parse(got[2:]); err != nil {
		t.Fatal(err)
	}
	if w.conn.creds != here("me.creds") || w.dir != here("alerts folder") || w.run != "block it" || w.left != -1 || *log != here("isac.log") {
		t.Errorf("read again it is %+v", w)
	}
}
