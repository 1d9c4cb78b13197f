package find_test

import (
	"testing"

	"isac/hub/find"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"病院へのＶＰＮ装置":                "病院 院へ への の vpn 装置 置",
		"T1021.001、CVE-2018-13379": "t1021 001 cve 2018 13379",
		"ﾗﾝｻﾑ":                     "ラン ンサ サム ム",
		"Files were Encrypted.":    "files were encrypted",
		"":                         "",
		"。、「」":                     "",
	} {
		if got := find.Words(text); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestPhrase(t *testing.T) {
	for term, want := range map[string]string{
		"病院": `"病院"`, "ランサム": `"ラン ンサ サム"`, "院": `"院*"`, "VPN装置": `"vpn 装置"`, "backup": `"backup*"`, "T1021.001": `"t1021 001*"`,
		"病院へのVPN": `"病院 院へ への の vpn*"`, "OR": `"or"`, `" OR x NEAR/2 *`: `"or x near 2"`, "？！": "", "": "",
	} {
		if got := find.Phrase(term); got != want {
			t.Errorf("%q is asked as %s, want %s", term, got, want)
		}
	}
}
