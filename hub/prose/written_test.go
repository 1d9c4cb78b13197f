package prose

import (
	"slices"
	"testing"

	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestWritten: one value, as people write it.
func TestWritten(t *testing.T) {
	x := New(vocab.Default(profile.HealthcareJP()))
	const (
		one   = "cve:CVE-2018-13379"
		other = "cve:CVE-2020-12812"
		host  = "indicator:domain-name:value:evil-cdn.com"
		ip    = "indicator:ipv4-addr:value:203.0.113.45"
		mail  = "indicator:email-addr:value:billing@evil-cdn.com"
	)
	for _, c := range []struct {
		lang, text string
		facts      []string
	}{
		{"ja", "悪用されたのはＣＶＥ－２０１８－１３３７９です。", []string{one}},
		{"ja", "VPN装置のCVE 2018 13379を突かれて侵入された。", []string{one}},
		{"ja", "攻撃には CVE2018-13379 が使われた。", []string{one}},
		{"ja", "CVEー2018ー13379が悪用された。", []string{one}},
		{"ja", "CVE:2018-13379 を悪用された。", []string{one}},
		{"ja", "CVE番号は2018-13379で、これを悪用された。", []string{one}},
		{"ja", "cve_2018_13379 が悪用された。", []string{one}},
		{"ja", "CVE-2018- 13379 が悪用された。", []string{one}},
		{"ja", "CVE-2018-13379／CVE-2020-12812が悪用された。", []string{one, other}},
		{"ja", "CVE-2018-13379、2020-12812 が悪用された。", []string{one, other}},
		{"en", "They exploited CVE 2018 13379 on the firewall.", []string{one}},
		{"en", "They exploited the flaw (CVE_2018_13379).", []string{one}},
		{"en", "They exploited CVE-2018-13379 and 2020-12812.", []string{one, other}},
		{"en", "They exploited CVE-2018-13379, -13380 and CVE-2020-12812.", []string{one, "cve:CVE-2018-13380", other}},
		{"ja", "攻撃者のサーバ 203（.）0（.）113（.）45 と通信していた。", []string{ip}},
		{"ja", "攻撃者のサーバは 203 [.] 0 [.] 113 [.] 45 です。", []string{ip}},
		{"ja", "攻撃者のドメインは evil-cdn ドット com です。", []string{host}},
		{"ja", "攻撃者のドメインは evil-cdn（ドット）com です。", []string{host}},
		{"ja", "C2は evil-cdn {.} com です。", []string{host}},
		{"ja", "不審なメールは billing（アットマーク）evil-cdn（ドット）com から届いた。", []string{mail}},
		{"en", "The command server was evil-cdn dot com.", []string{host}},
		{"en", "The command server was evil-cdn (dot) com.", []string{host}},
		{"en", "The phishing mail came from billing (at) evil-cdn [.] com.", []string{mail}},
	} {
		for _, fact := range c.facts {
			if !states(x, c.text, c.lang, fact) {
				t.Errorf("%s isn't read: %s", fact, c.text)
			}
		}
	}
	for _, c := range []struct{ lang, text, fact string }{
		{"en", "The CVE list of 2018 had 13379 entries when the attackers came.", one},
		{"en", "The intruder came from somewhere in 203.0.113.0/24.", "indicator:ipv4-addr:value:203.0.113.0"},
		{"ja", "CVE-2018-13379は悪用されていなかった。", one},
		{"en", "They did not exploit CVE 2018 13379.", one},
	} {
		if states(x, c.text, c.lang, c.fact) {
			t.Errorf("%s is read: %s", c.fact, c.text)
		}
	}
	if found := x.Extract("攻撃にはCVE-2018-13379が使われた。", "ja"); slices.ContainsFunc(found, func(f Found) bool { return f.Fact.Value == "CVE-2018-1337" }) {
		t.Error("a part of a number is taken for the whole")
	}
}
