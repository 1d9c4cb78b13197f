package prose

import (
	"testing"

	"isac/hub"
	"isac/hub/vocab"
)

// Attacker-side values need a word that says so in their sentence, and come out
// plain.
func TestIndicators(t *testing.T) {
	v := vocab.Default(nil)
	for _, c := range []struct{ why, text, want string }{
		{"defanged in every way", "通信先は hxxps://evil[.]example/Gate.php?id=AbC であった。", "indicator:url:value:https://evil.example/Gate.php?id=AbC"},
		{"a list goes on", "攻撃元は203.0.113.5、198.51.100.9及び2001:db8::5である。", "indicator:ipv4-addr:value:203.0.113.5 indicator:ipv4-addr:value:198.51.100.9 indicator:ipv6-addr:value:2001:db8::5"},
		{"kanji on both sides", "攻撃者が203.0.113.5から接続した。", "indicator:ipv4-addr:value:203.0.113.5"},
		{"with a port", "The implant called back to 203.0.113.5:8443.", "indicator:ipv4-addr:value:203.0.113.5"},
		{"a heading and its list", "不審な通信先:\n- 203.0.113.5\n- bad[.]example\n\n復旧は203.0.113.6で行った。", "indicator:ipv4-addr:value:203.0.113.5 indicator:domain-name:value:bad.example !indicator:ipv4-addr:value:203.0.113.6"},
		{"the nearer word decides", "攻撃者は203.0.113.5から当院のサーバ198.51.100.7に接続した。", "indicator:ipv4-addr:value:203.0.113.5 !indicator:ipv4-addr:value:198.51.100.7"},
		{"no context", "203.0.113.5とexample.orgについて記載する。", "!indicator:ipv4-addr:value:203.0.113.5 !indicator:domain-name:value:example.org"},
		{"private addresses are nobody else's", "攻撃者は10.1.2.3と192.168.0.9から接続した。", "!indicator:ipv4-addr:value:10.1.2.3 !indicator:ipv4-addr:value:192.168.0.9"},
		{"a file isn't a domain", "攻撃者はsetup.exeとreadme.txtを設置した。", "!indicator:domain-name:value:setup.exe !indicator:domain-name:value:readme.txt"},
		{"SHA-256", "検体のハッシュ値は E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855 である。", "indicator:file:hashes.'SHA-256':e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"mail", "The attacker wrote from Pay.Now@evil.example.", "indicator:email-addr:value:Pay.Now@evil.example"},
		{"a version isn't an address", "攻撃者はバージョン7.0.1の脆弱性を悪用した。", "!indicator:ipv4-addr:value:7.0.1"},
		{"signs of a path", "不審な通信先: hxxp://evil[.]example/a;b=1,2/c.php, hxxp://evil[.]example/x;198.51.100.9", "indicator:url:value:http://evil.example/a;b=1,2/c.php indicator:url:value:http://evil.example/x indicator:ipv4-addr:value:198.51.100.9 !indicator:url:value:http://evil.example/a"},
		{"fields of a log line", "不審な通信先: hxxp://evil[.]example/a,tanaka,10.21.1.5 hxxp://evil[.]example/b;KOYUK01", "indicator:url:value:http://evil.example/a indicator:url:value:http://evil.example/b"},
		{"denied", "攻撃元とされた203.0.113.5からの接続はなかった。", "!indicator:ipv4-addr:value:203.0.113.5"},
	} {
		t.Run(c.why, func(t *testing.T) { checkFacts(t, c.want, c.text, Extract(v, c.text, "")) })
	}
}

// What a family leaves names it, with some doubt, and only where the sentence
// speaks of it.
func TestLeftBehind(t *testing.T) {
	v := vocab.Default(nil)
	for text, want := range map[string]string{
		"ファイルの拡張子が.lockbitに変更された。":                      "family:LockBit=likely",
		"Files were renamed with the extension .akira.": "family:Akira=likely",
		"デスクトップにakira_readme.txtが残されていた。":               "family:Akira=likely",
		"www.lockbit.exampleを閲覧した。":                     "!family:LockBit",
	} {
		checkFacts(t, want, text, Extract(v, text, ""))
	}
}

func TestKinds(t *testing.T) {
	for in, want := range map[string]hub.Kind{
		"203[.]0[.]113[.]5":       hub.IPv4,
		"2001:db8::1":             hub.IPv6,
		"a.example":               hub.Domain,
		"hxxp://a[.]example/x":    hub.URL,
		"a[.]example/x":           hub.URL,
		"hxxp[://]203.0.113.5/ab": hub.URL,
	} {
		if kind, _, ok := indicator(in); !ok || kind != want {
			t.Errorf("%s is %q, %v; want %q", in, kind, ok, want)
		}
	}
	for _, in := range []string{"127.0.0.1", "10.0.0.1", "fe80::1", "::1", "224.0.0.1", "0.0.0.0", "a.exe", "1.2.3", "a..b", "-a.example", "http://10.0.0.1/"} {
		if kind, value, ok := indicator(in); ok {
			t.Errorf("%s is %q %q", in, kind, value)
		}
	}
}
