package vocab

import (
	"testing"

	"isac/hub"
	"isac/hub/profile"
)

func TestCanonical(t *testing.T) {
	v := Default(profile.HealthcareJP())
	for _, c := range []struct {
		class     hub.Class
		in, want  string
		ambiguous bool
	}{
		{hub.Family, "lock bit", "LockBit", false},
		{hub.Family, "ＬｏｃｋＢｉｔ", "LockBit", false},
		{hub.Family, "sodinokibi", "REvil", false},
		{hub.Family, "Lock-Bit 3.0", "LockBit 3.0", false},
		{hub.Family, "philadelphia", "Philadelphia", true},
		{hub.Family, "hive", "Hive", true},
		{hub.Family, "PLAY", "Play", true},
		{hub.Family, "Royal", "Royal", true},
		{hub.Family, "monti", "Monti", true},
		{hub.Family, "Medusa", "Medusa", true},
		{hub.Family, "Cuba", "Cuba", true},
		{hub.Family, "ALPHV", "BlackCat", false},
		{hub.Family, "Elbie", "Phobos", true},
		{hub.Group, "Black Shadow", "Black Shadow", true},
		{hub.Group, "HIDDEN COBRA", "Lazarus Group", false},
		{hub.Group, "volt typhoon", "Volt Typhoon", false},
		{hub.Tool, "MIMIKATZ", "Mimikatz", false},
		{hub.Tool, "psexec.exe", "PsExec", false},
		{hub.Tool, "Screen Connect", "ScreenConnect", false},
		{hub.Product, "Fortinet-FortiOS", "fortinet-fortios", true},
		{hub.Route, "VPN appliance", "vpn-appliance", true},
		{hub.Technique, "t1076", "T1021.001", true},
		{hub.CVE, "cve-2018-13379", "CVE-2018-13379", true},
	} {
		got, ok := v.Canonical(c.class, c.in)
		if !ok || got != c.want {
			t.Errorf("Canonical(%s, %q) = %q, %v; want %q", c.class, c.in, got, ok, c.want)
		}
		if amb := v.Ambiguous(c.class, c.in); amb != c.ambiguous {
			t.Errorf("Ambiguous(%s, %q) = %v", c.class, c.in, amb)
		}
	}
	for _, unknown := range []string{"", "—", "no such family at all"} {
		if got, ok := v.Canonical(hub.Family, unknown); ok {
			t.Errorf("Canonical(family, %q) = %q", unknown, got)
		}
	}
}

func TestShortNamesAreAmbiguous(t *testing.T) {
	for _, n := range Default(nil).Names() {
		if len([]rune(Key(n.Spelling))) < shortest && !n.Ambiguous {
			t.Errorf("%s %q stands alone", n.Class, n.Spelling)
		}
	}
}
