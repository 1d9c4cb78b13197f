package canary_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/register"
	"isac/hub/stix"
)

// asked is a report that claims one value to be the attacker's, in one form, beside an
// address that is.
func asked(t *testing.T, o hub.Organisation, incident, form, value string) []byte {
	indicator := func(key, pattern string) stix.Object {
		return stix.Object{
			"type": "indicator", "spec_version": "2.1", "id": id(o, "indicator", incident, key), "created": at, "modified": at,
			"pattern": pattern, "pattern_type": "stix", "valid_from": at, "indicator_types": []any{"malicious-activity"},
		}
	}
	event := stix.Object{"type": "incident", "spec_version": "2.1", "id": id(o, "incident", incident, "i"), "created": at, "modified": at, "name": "障害"}
	objects := []any{event, indicator("a", "[ipv4-addr:value = '"+attacker+"']")}
	if said := fmt.Sprintf(form, value); strings.HasPrefix(form, "[") {
		objects = append(objects, indicator("b", said))
	} else {
		event["description"] = said
	}
	return bundle(t, o, incident, "1", objects...)
}

// forms are the ways to ask: what is refused must be refused alike in each.
var forms = []string{
	"[domain-name:value = '%s']", "[url:value = 'https://%s/gate']", "[email-addr:value = 'desk@%s']",
	"攻撃者は通信先%sへ接続した。", "The attackers' C2 server was %s.",
}

// chance is what differs from one report to the next whatever stands in it: ids,
// digests, salts, times.
var chance = regexp.MustCompile(`[0-9a-f]{64}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// tells is all that a reporter sees after a report, without what chance decides: the
// receipt's form, the machine's answer, the case, its drafts and the record.
func (w *world) tells(incident, form, value string) string {
	w.t.Helper()
	c := w.report(asked(w.t, w.victim, incident, form, value))
	receipt := w.receipts[len(w.receipts)-1]
	status, err := w.conn.Status(w.t.Context(), receipt)
	w.must(err)
	var shown map[string]any
	w.Get(w.reporter, "/cases/"+c.Case).Into(w.Hub, &shown)
	var drafts []string
	for i, s := range c.Stages {
		shown["stages"].([]any)[i].(map[string]any)["draft"] = ""
		drafts = append(drafts, string(s.Draft))
	}
	var body anonymize.Body
	w.must(json.Unmarshal(c.Stages[0].Draft, &body))
	record, err := w.record(c.Case, body.Record)
	w.must(err)
	text, err := json.Marshal(shown)
	w.must(err)
	all := []string{fmt.Sprint(len(receipt)), string(status), string(text), strings.Join(drafts, "\n")}
	for _, e := range record.Entries {
		all = append(all, fmt.Sprint(e.Type, e.Class, e.Rule, e.Action, len(e.Salt)))
	}
	return chance.ReplaceAllString(strings.ReplaceAll(strings.Join(all, "\n"), value, "VALUE"), "*")
}

// joinless takes the newest organisation of the list out of the members, with all
// that no public list has, and returns it.
func (w *world) joinless() hub.Organisation {
	w.t.Helper()
	list, _ := w.Roster.List()
	all := slices.Clone(list.All())
	o := &all[len(all)-1]
	o.Member = false
	o.IPv4, o.IPv4Private, o.IPv6, o.HostnamePrefix, o.Operator = "", "", "", "", ""
	w.importList(all)
	return *o
}

func (w *world) importList(all []hub.Organisation) {
	w.t.Helper()
	changed, err := register.New(all)
	w.must(err)
	var csv bytes.Buffer
	w.must(changed.Write(&csv))
	w.must(w.Roster.Import(w.t.Context(), csv.Bytes()))
}

// TestReporterCantAskWhoseAValueIs: of a value that is refused the reporter's view is
// the same, byte for byte, whether a member owns it, an organisation that hasn't
// joined, the reporter itself, or nobody.
func TestReporterCantAskWhoseAValueIs(t *testing.T) {
	w := start(t)
	outside := w.joinless()
	for i, form := range forms {
		views := map[string]string{}
		for owner, value := range map[string]string{
			"another member": "vpn." + w.Members[3].Domain,
			"no member":      "vpn." + outside.Domain,
			"the reporter":   "vpn." + w.victim.Domain,
			"nobody":         "vpn.intra.local",
		} {
			views[owner] = w.tells(fmt.Sprint(owner, i), form, value)
		}
		for owner, view := range views {
			if view != views["another member"] {
				t.Errorf("%s, %s: the reporter sees\n%s\nand for another member's value\n%s", form, owner, view, views["another member"])
			}
		}
		if free := w.tells(fmt.Sprint("free", i), form, "release-me.qorvelan.net"); free == views["nobody"] || !strings.Contains(free, `"value":"`) {
			t.Errorf("%s: a value that may go out gives the same view: the test shows nothing", form)
		}
	}
}

// TestReporterCantAskWhoseAnAddressIs is the same for what only the hub knows: the
// addresses of members.
func TestReporterCantAskWhoseAnAddressIs(t *testing.T) {
	w := start(t)
	first := func(ranges string) string {
		one, _, _ := strings.Cut(ranges, "|")
		address, _, _ := strings.Cut(one, "/")
		return address
	}
	for i, form := range []string{"[ipv4-addr:value = '%s']", "[url:value = 'http://%s/gate']", "攻撃元の通信先は%sである。"} {
		want := w.tells(fmt.Sprint("member", i), form, first(w.Members[3].IPv4))
		for owner, value := range map[string]string{"the reporter": first(w.victim.IPv4), "another's inside": first(w.Members[4].IPv4Private), "nobody": "10.241.7.9"} {
			if got := w.tells(fmt.Sprint(owner, i), form, value); got != want {
				t.Errorf("%s, %s: the reporter sees\n%s\nand for a member's address\n%s", form, owner, got, want)
			}
		}
	}
}

// given is every byte of an alert that anybody is given.
func (w *world) given(a hub.Alert, analyst int) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	p := w.others[analyst]
	for _, path := range []string{"/alerts", "/alerts/" + a.ID, "/alerts/" + a.ID + "/bundle", "/alerts/" + a.ID + "/bundle.sig", "/indicators?value=" + attacker} {
		got := w.Get(p, path)
		if got.Status != 200 || len(got.Body) == 0 {
			w.t.Errorf("GET %s: %d", path, got.Status)
		}
		out[path] = string(got.Body)
	}
	list, _, err := w.Entries(w.t.Context(), 0, 100)
	w.must(err)
	data, err := json.Marshal(list)
	w.must(err)
	out["catch-up"] = string(data)
	return out
}

// TestNewRegisterLeavesOldAlertsAlone: when an organisation comes into the list whose
// address, name and domain stand in an alert that is out, not a byte of what is served
// changes, now or after a start: what changed would name the new member. New drafts
// know better.
func TestNewRegisterLeavesOldAlertsAlone(t *testing.T) {
	w := start(t)
	c := w.release(w.report(rich(t, w.victim, "before", "1")))
	a := *c.Stages[1].Alert
	w.Poll("the view of the alert", func() bool { return w.Get(w.others[4], "/alerts/"+a.ID).Status == 200 })
	before := w.given(a, 4)
	if !strings.Contains(before["/alerts/"+a.ID+"/bundle"], attacker) {
		t.Fatal("the address isn't in the alert: the test shows nothing")
	}
	list, _ := w.Roster.List()
	all := slices.Clone(list.All())
	newest := &all[len(all)-1]
	newest.IPv4, newest.NameJA, newest.NameRomaji, newest.AbbrEN = attacker+"/32", "ロックビット", "LockBit", "LOCKBIT"
	w.importList(all)
	compare := func(when string) {
		t.Helper()
		for path, got := range w.given(a, 4) {
			if got != before[path] {
				t.Errorf("%s: %s is\n%.2000s\nand was\n%.2000s", when, path, got, before[path])
			}
		}
	}
	compare("after the import")
	later := w.report(rich(t, w.victim, "after", "1"))
	if strings.Contains(string(later.Stages[0].Draft), attacker) {
		t.Error("a new draft holds the new organisation's address: the new list isn't used")
	}
	w.must(w.Close())
	w.Open()
	compare("after a start")
}
