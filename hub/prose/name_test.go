package prose

import (
	"slices"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestNames: a name that is also something else counts where the words around it say
// that it is meant.
func TestNames(t *testing.T) {
	x := New(vocab.Default(profile.HealthcareJP()))
	for _, c := range []struct{ lang, text, fact string }{
		{"ja", "持ち込まれた道具は LogMeIn や TeamViewer などの遠隔操作ソフト、PowerSploit、Mimikatz です。", "tool:LogMeIn"},
		{"ja", "調査では Tick（BRONZE BUTLER）の関与が指摘されている。", "group:BRONZE BUTLER"},
		{"ja", "未明に Conti による暗号化が始まった。", "family:Conti"},
		{"ja", "攻撃者は全サーバに Clop を展開した。", "family:Clop"},
		{"ja", "データの一覧が Medusa の暴露サイトに載った。", "family:Medusa"},
		{"ja", "攻撃者は FRP を使って外と通信していた。", "tool:FRP"},
		{"ja", "攻撃者はパワーシェルを使って命令を実行した。", "tool:PowerShell"},
		{"ja", "犯人はwinscpでデータを外部へ転送した。", "tool:WinSCP"},
		{"ja", "採掘ソフト XMRig が仕込まれていた。", "family:xmrig"},
		{"ja", "LockBit による犯行声明が出たが、身代金は払っておらず、交渉もしていない。", "family:LockBit"},
		{"en", "The group is tracked as Whitefly.", "group:Whitefly"},
		{"en", "On 14 May Conti was detonated on all servers and files were encrypted.", "family:Conti"},
		{"en", "VEILEDSIGNAL ran on that machine and gave the intruders access.", "family:VEILEDSIGNAL"},
		{"en", "The intruders moved about with the help of FRP.", "tool:FRP"},
		{"en", "The attackers copied the files out with FileZilla.", "tool:FileZilla"},
		{"en", "Cobalt-Strike beacons were found on two servers the attacker had used.", "family:Cobalt Strike"},
		{"en", "Our files showed up on the leak site of the Medusa operators.", "family:Medusa"},
	} {
		if !states(x, c.text, c.lang, c.fact) {
			t.Errorf("%s isn't read: %s", c.fact, c.text)
		}
	}
	for _, c := range []struct{ lang, text, fact string }{
		{"ja", "メデューサ通りの薬局に被害はなかった。", "family:Medusa"},
		{"ja", "アキラさんが攻撃に気付いた。", "family:Akira"},
		{"ja", "キリンビールの自動販売機が使えない。", "family:Qilin"},
		{"ja", "売店で FRP 製の棚を使っている。", "tool:FRP"},
		{"en", "The attack was noticed by Mr Conti of the night shift.", "family:Conti"},
		{"en", "At the time of the attack the nurses used the net at the sports ground.", "tool:Net"},
		{"en", "The Royal opened its doors again after the attack.", "family:Royal"},
	} {
		if states(x, c.text, c.lang, c.fact) {
			t.Errorf("%s is read: %s", c.fact, c.text)
		}
	}
}

// TestMonth: May is a month where it is written like one.
func TestMonth(t *testing.T) {
	x := New(vocab.Default(profile.HealthcareJP()))
	for text, want := range map[string]hub.Confidence{
		"On 14 May the attackers encrypted the file server.": hub.Confirmed,
		"May 14: the attackers encrypted the file server.":   hub.Confirmed,
		"The attackers may have encrypted the file server.":  hub.Possible,
	} {
		for _, f := range x.Extract(text, "en") {
			if f.Fact.Key() == "technique:T1486" && f.Fact.Confidence != want {
				t.Errorf("%s: %s", f.Fact.Confidence, text)
			}
		}
	}
}

func states(x *Extractor, text, lang, key string) bool {
	return slices.ContainsFunc(x.Extract(text, lang), func(f Found) bool { return f.Fact.Key() == key })
}
