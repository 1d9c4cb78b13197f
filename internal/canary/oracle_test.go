package canary_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/stix"
)

// asked is a report that claims one name to be the attacker's, beside an address
// that is.
func asked(t *testing.T, o hub.Organisation, incident, domain string) []byte {
	indicator := func(key, pattern string) stix.Object {
		return stix.Object{
			"type": "indicator", "spec_version": "2.1", "id": id(o, "indicator", incident, key), "created": at, "modified": at,
			"pattern": pattern, "pattern_type": "stix", "valid_from": at, "indicator_types": []any{"malicious-activity"},
		}
	}
	return bundle(t, o, incident, "1",
		stix.Object{"type": "incident", "spec_version": "2.1", "id": id(o, "incident", incident, "i"), "created": at, "modified": at, "name": "障害"},
		indicator("a", "[ipv4-addr:value = '"+attacker+"']"), indicator("b", "[domain-name:value = '"+domain+"']"),
	)
}

// TestReporterCantAskWhoseAValueIs: of a value that is refused the reporter's view is
// the same, byte for byte, whether a member owns it, an organisation that hasn't
// joined, the reporter itself, or nobody.
func TestReporterCantAskWhoseAValueIs(t *testing.T) {
	w := start(t)
	list, _ := w.Roster.List()
	all := slices.Clone(list.All())
	outside := len(all) - 1
	all[outside].Member = false
	all[outside].IPv4, all[outside].IPv4Private, all[outside].IPv6, all[outside].HostnamePrefix, all[outside].Operator = "", "", "", "", ""
	changed, err := register.New(all)
	w.must(err)
	var csv bytes.Buffer
	w.must(changed.Write(&csv))
	w.must(w.Roster.Import(t.Context(), csv.Bytes()))
	views := map[string]string{}
	for owner, domain := range map[string]string{
		"another member":     "vpn." + w.Members[3].Domain,
		"no member":          "vpn." + all[outside].Domain,
		"the reporter":       "vpn." + w.victim.Domain,
		"nobody":             "vpn.intra.local",
		"nobody, releasable": "release-me.qorvelan.net",
	} {
		c := w.report(asked(t, w.victim, owner, domain))
		told := map[string]any{"left out": c.LeftOut, "problems": c.Problems, "prose": c.Prose}
		for _, s := range c.Stages {
			var body struct{ Facts, Suggested, Analysis any }
			w.must(json.Unmarshal(s.Draft, &body))
			told[string(s.Stage)] = []any{s.State, s.Version, s.Thin, s.Missing, s.Reason, body}
		}
		text, err := json.Marshal(told)
		w.must(err)
		views[owner] = string(text)
		if bytes.Contains(text, []byte(domain)) != (owner == "nobody, releasable") {
			t.Errorf("%s: the value is in the draft, or the releasable one isn't: the test shows nothing", owner)
		}
	}
	for owner, view := range views {
		if same := view == views["another member"]; same == (owner == "nobody, releasable") {
			t.Errorf("%s: the reporter sees\n%s\nand for another member's value\n%s", owner, view, views["another member"])
		}
	}
}
