package stix

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseID(t *testing.T) {
	const u = "--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
	cases := []struct {
		why, id, typ string
		version      int
	}{
		{"plain", "indicator" + u, "indicator", 4},
		{"hyphens in the type", "x-my-2nd" + u, "x-my-2nd", 4},
		{"version 5", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", "ipv4-addr", 5},
		{"version 7 is of the variant", "note--01890a5d-ac96-774b-bcce-b302099a8057", "note", 7},
		{"upper-case digits", "note--8E2E2D2B-17D4-4CBF-938F-98EE46B3CD3F", "note", 4},
		{"no type", u, "", 0},
		{"short type", "ab" + u, "", 0},
		{"capital in the type", "Note" + u, "", 0},
		{"underscore in the type", "my_note" + u, "", 0},
		{"three hyphens", "note-" + u, "", 0},
		{"double hyphen in the type", "my--note" + u, "", 0},
		{"digit first", "1note" + u, "", 0},
		{"nil UUID", "note--00000000-0000-0000-0000-000000000000", "", 0},
		{"other variant", "note--8e2e2d2b-17d4-4cbf-c38f-98ee46b3cd3f", "", 0},
		{"no hyphens in the UUID", "note--8e2e2d2b17d44cbf938f98ee46b3cd3f", "", 0},
		{"hyphens at other places", "note--8e2e2d2b1-7d4-4cbf-938f-98ee46b3cd3f", "", 0},
		{"not hexadecimal", "note--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3g", "", 0},
		{"braces", "note--{e2e2d2b-17d4-4cbf-938f-98ee46b3cd3}", "", 0},
		{"something behind", "note" + u + " ", "", 0},
		{"nothing", "", "", 0},
	}
	for _, c := range cases {
		id, err := ParseID(c.id)
		if (err == nil) != (c.typ != "") || id.Type != c.typ || err == nil && id.Version() != c.version {
			t.Errorf("%s: got %v, %v", c.why, id, err)
		}
	}
}

func TestNewIDIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "random"))
		s := NewID("indicator", random)
		id, err := ParseID(s)
		if err != nil || id.Version() != 4 || id.String() != s {
			t.Fatalf("%s: %v, %v", s, id, err)
		}
	})
}

// The id was computed outside this package. It must never change: released
// objects carry such ids.
func TestNameID(t *testing.T) {
	if got := NameID("attack-pattern", "T1133"); got != "attack-pattern--87d44e79-d5b0-5886-9f9f-323f976df503" {
		t.Errorf("got %s", got)
	}
	if NameID("tool", "x") == NameID("malware", "x") {
		t.Error("type does not count")
	}
}

func TestParseTime(t *testing.T) {
	cases := []struct{ why, text, want string }{
		{"milliseconds", "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"},
		{"no fraction", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"},
		{"more digits are cut", "2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678Z"},
		{"leap day", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
		{"leap second", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
		{"no leap second at noon", "2016-12-31T12:00:60Z", ""},
		{"no leap day", "2026-02-29T00:00:00Z", ""},
		{"month 13", "2026-13-01T00:00:00Z", ""},
		{"hour 24", "2026-01-01T24:00:00Z", ""},
		{"offset", "2026-01-02T03:04:05+01:00", ""},
		{"offset that ends in Z", "2026-01-02T03:04:05+01:00Z", ""},
		{"small t", "2026-01-02t03:04:05Z", ""},
		{"small z", "2026-01-02T03:04:05z", ""},
		{"comma", "2026-01-02T03:04:05,678Z", ""},
		{"point without digits", "2026-01-02T03:04:05.Z", ""},
		{"date alone", "2026-01-02", ""},
		{"space for T", "2026-01-02 03:04:05Z", ""},
	}
	for _, c := range cases {
		got, err := ParseTime(c.text)
		if (err == nil) != (c.want != "") || err == nil && FormatTime(got) != c.want {
			t.Errorf("%s: got %v, %v; want %q", c.why, got, err, c.want)
		}
	}
	east := time.Date(2026, 1, 1, 8, 0, 0, 999_999_999, time.FixedZone("JST", 9*3600))
	if got := FormatTime(east); got != "2025-12-31T23:00:00.999Z" {
		t.Errorf("got %s", got)
	}
}
