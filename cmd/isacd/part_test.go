package main

import (
	"strings"
	"testing"

	"isac/hub"
)

func TestPartsFindTogether(t *testing.T) {
	for _, s := range []struct {
		settings
		refused string
	}{
		{settings{}, ""},
		{settings{Part: "inner", Socket: "s", BaseURL: "https://hub.example.jp"}, ""},
		{settings{Part: "outer", Socket: "s"}, ""},
		{settings{Part: "inner", Socket: "s"}, "isacd.inner-without-address"},
		{settings{Part: "outer"}, "isacd.part-and-socket"},
		{settings{Socket: "s"}, "isacd.part-and-socket"},
		{settings{Part: "middle", Socket: "s"}, "isacd.no-part"},
	} {
		err := s.checkPart()
		if refused := hub.RefusalOf(err); s.refused == "" && err != nil || s.refused != "" && (refused == nil || refused.Text != s.refused) {
			t.Errorf("%q, %q: %v", s.Part, s.Socket, err)
		}
	}
}

// TestSettingsOfTheUnitsFit reads the settings that are packed for each way to run.
func TestSettingsOfTheUnitsFit(t *testing.T) {
	read := map[string]settings{}
	for _, name := range []string{"isac", "inner", "outer"} {
		s, err := readSettings("../../internal/dist/" + name + ".toml")
		if err == nil {
			err = s.checkPart()
		}
		if err == nil {
			err = s.checkPlain()
		}
		if err != nil || s.Part != strings.ReplaceAll(name, "isac", "") {
			t.Errorf("%s: part %q, %v", name, s.Part, err)
		}
		read[name] = s
	}
	if read["inner"].Socket != read["outer"].Socket || read["inner"].Data == read["outer"].Data || read["inner"].Data != read["isac"].Data || read["inner"].Peer == read["outer"].Peer {
		t.Error("the two parts don't fit together, or don't take over from the one")
	}
}
