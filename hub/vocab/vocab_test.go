package vocab

import (
	"regexp"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
)

func TestTechnique(t *testing.T) {
	v := Default(nil)
	for in, want := range map[string]string{"T1190": "T1190", "t1021.001": "T1021.001", "T1076": "T1021.001", "T1089": "T1562.001"} {
		if got, ok := v.Technique(in); !ok || got.ID != want {
			t.Errorf("Technique(%q) = %q, %v; want %q", in, got.ID, ok, want)
		}
	}
	for _, in := range []string{"", "T9999", "T1190.099", "1190"} {
		if got, ok := v.Technique(in); ok {
			t.Errorf("Technique(%q) = %q", in, got.ID)
		}
	}
}

var listNames = regexp.MustCompile(`@[a-z0-9-]+`)

// Every id in the tables names something, in both languages.
func TestTablesHoldTogether(t *testing.T) {
	v := Default(profile.HealthcareJP())
	for old, next := range v.revoked {
		if _, ok := v.Technique(next); !ok {
			t.Errorf("%s was replaced by %s, which isn't there", old, next)
		}
	}
	ja := 0
	for _, tech := range v.Techniques() {
		if tech.NameJA != tech.Name {
			ja++
		}
		for _, short := range tech.Tactics {
			if _, ok := v.Tactic(short); !ok {
				t.Errorf("%s: unknown tactic %q", tech.ID, short)
			}
		}
		for _, m := range v.Mitigations(tech.ID) {
			if got, ok := v.Mitigation(m); !ok || got.Name.JA == "" || got.Name.EN == "" {
				t.Errorf("%s: unknown mitigation %q", tech.ID, m)
			}
		}
	}
	if ja < 120 {
		t.Errorf("%d techniques have a Japanese name, want at least 120", ja)
	}
	for _, class := range entryClasses {
		for _, e := range v.Entries(class) {
			if e.ID == "" || e.Label.JA == "" || e.Label.EN == "" || len(e.JA) == 0 || len(e.EN) == 0 {
				t.Errorf("%s %q: want label and patterns in both languages", class, e.ID)
			}
		}
	}
	for _, r := range v.Rules() {
		for _, f := range r.Facts {
			if label, ok := v.Label(f.Class, f.Value); !ok || label.JA == "" || label.EN == "" {
				t.Errorf("a rule states %s:%s, which isn't in the vocabulary", f.Class, f.Value)
			}
		}
		for lang, patterns := range map[string][]string{"ja": r.JA, "en": r.EN} {
			for p := range strings.SplitSeq(strings.Join(patterns, "|"), "|") {
				checkPattern(t, v, r, p, lang)
			}
		}
	}
}

func checkPattern(t *testing.T, v *Vocab, r Rule, pattern, lang string) {
	t.Helper()
	for alt := range strings.SplitSeq(strings.NewReplacer(" > ", " + ", " & ", " + ").Replace(pattern), " + ") {
		for _, list := range listNames.FindAllString(alt, -1) {
			if len(v.Words(list[1:], lang)) == 0 {
				t.Errorf("a rule of %v names the word list %q, which has no words in %s", r.Facts, list, lang)
			}
		}
		if strings.Contains(strings.TrimSuffix(alt, "*"), "* ") {
			t.Errorf("a rule of %v leaves the end of a word open inside %q", r.Facts, alt)
		}
	}
}

// What the closed ids are is an agreement of several packages; none may vanish.
func TestClosedIDs(t *testing.T) {
	v := Default(profile.HealthcareJP())
	for class, ids := range map[hub.Class]string{
		hub.Route:    "vpn-appliance contractor-link remote-desktop remote-maintenance phishing-mail web-application stolen-credentials software-supply-chain removable-media insider physical-theft misdelivery",
		hub.Weakness: "unpatched-device default-password weak-password shared-admin-password no-mfa users-are-admins no-account-lockout standing-connection open-rdp flat-network no-antivirus antivirus-removable end-of-life-system no-logs online-only-backup exposed-service leaked-credentials excessive-vendor-access no-monitoring no-asset-list",
		hub.Impact:   "files-encrypted servers-down network-down backup-destroyed backup-survived leak-confirmed leak-suspected leak-not-confirmed data-destroyed ransom-demanded rebuild-days rebuild-weeks rebuild-months records-system-down outpatients-stopped surgery-postponed emergency-limited admissions-limited paper-operation billing-down imaging-down",
		hub.Product:  "fortinet-fortios ivanti-connect-secure pulse-secure cisco-asa citrix-netscaler palo-alto-pan-os sonicwall checkpoint-gateway f5-big-ip microsoft-exchange vmware-esxi windows-rdp windows-server active-directory mail-gateway nas backup-software remote-support-tool",
	} {
		for _, id := range strings.Fields(ids) {
			if _, ok := v.Label(class, id); !ok {
				t.Errorf("%s %q is missing", class, id)
			}
		}
	}
}

func TestDigestFollowsTheProfile(t *testing.T) {
	a, b := Default(profile.HealthcareJP()), Default(profile.LocalGovernmentJP())
	if a.Digest().IsZero() || a.Digest() == b.Digest() || a.Digest() != Default(profile.HealthcareJP()).Digest() {
		t.Error("the digest doesn't name the content")
	}
	if _, ok := b.Label(hub.Impact, "outpatients-stopped"); ok {
		t.Error("a word of one sector is known to the other")
	}
}

func TestLabelOfACell(t *testing.T) {
	label, ok := Default(profile.HealthcareJP()).Label(hub.Cell, "region=west+size=from-200")
	if want := (hub.Text{JA: "西日本、200 床以上", EN: "western Japan, 200 beds or more"}); !ok || label != want {
		t.Errorf("%v, %v", label, ok)
	}
	for _, v := range []*Vocab{Default(nil), Default(profile.LocalGovernmentJP())} {
		if label, ok := v.Label(hub.Cell, "region=west"); ok {
			t.Errorf("in another sector it is called %v", label)
		}
	}
}
