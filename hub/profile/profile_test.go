package profile

import (
	"strings"
	"testing"
	"time"

	"isac/hub"
)

func TestEmbeddedProfiles(t *testing.T) {
	h, l := HealthcareJP(), LocalGovernmentJP()
	if h.ID == l.ID || h.Noun.EN != "hospital" || h.K != 10 {
		t.Errorf("profiles %q and %q", h.ID, l.ID)
	}
	if got := h.Clocks.Retention.Std(); got != 90*24*time.Hour {
		t.Errorf("retention %v, want 90 days", got)
	}
	if got := h.Clocks.LinkRetention.Std(); got != 180*24*time.Hour {
		t.Errorf("link retention %v, want 180 days", got)
	}
	if !h.IsOutside(hub.Fact{Class: hub.Impact, Value: "outpatients-stopped"}) || !h.IsOutside(hub.Fact{Class: hub.Product, Value: "sonicwall"}) {
		t.Error("what the street sees isn't outside")
	}
	if h.IsOutside(hub.Fact{Class: hub.Technique, Value: "T1003"}) {
		t.Error("what happens on a server is outside")
	}
}

func TestLoadRefuses(t *testing.T) {
	good, err := files.ReadFile("local-government-jp.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, with, says string }{
		{"k = 10", "k = 10\ncolour = 1", "unknown key colour"},
		{"k = 10", "k = 1", "k:"},
		{`consent = "ask"`, `consent = "silence"`, "consent:"},
		{`tlp = "green"`, `tlp = "white"`, "tlp:"},
		{`zone = "+09:00"`, `zone = "Asia/Tokyo"`, "clocks.zone"},
		{`slots = ["11:00"]`, `slots = ["25:00"]`, "clocks.slots"},
		{`slots = ["11:00"]`, `slots = ["16:00", "10:00"]`, "rising"},
		{`retention = "2160h"`, `retention = "soon"`, "duration"},
		{`retention = "2160h"`, `retention = "9000h"`, "retention"},
		{`"impact:website-down"`, `"weather:rain"`, "outside"},
		{`id = "website-down"`, `id = "Website Down"`, "lower case"},
		{`id = "website-down"`, `id = "counter-services-stopped"`, "twice"},
	} {
		if !strings.Contains(string(good), c.old) {
			t.Fatalf("the profile has no %q any more", c.old)
		}
		_, err := Load([]byte(strings.Replace(string(good), c.old, c.with, 1)))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("with %q: error %v, want one that says %q", c.with, err, c.says)
		}
	}
}

func TestNextSlot(t *testing.T) {
	c := HealthcareJP().Clocks
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for in, want := range map[string]string{
		"2022-10-31T00:59:00Z": "2022-10-31T01:00:00Z",
		"2022-10-31T01:00:00Z": "2022-10-31T07:00:00Z",
		"2022-10-31T08:00:00Z": "2022-11-01T01:00:00Z",
	} {
		if got := c.NextSlot(at(in)); !got.Equal(at(want)) {
			t.Errorf("NextSlot(%s) = %s, want %s", in, got.UTC(), want)
		}
	}
}
