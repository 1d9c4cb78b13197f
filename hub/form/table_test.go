package form_test

import (
	"strings"
	"testing"

	"isac/hub/form"
)

// A form that was filled in as a table is read by its headings, wherever they stand.
func TestFromTables(t *testing.T) {
	got := form.FromTables([][][]string{
		{
			{"インシデント報告様式"},
			{"１．発生日時", "", "令和8年11月2日 6時40分頃"},
			{"２．事案の概要", "電子カルテが暗号化された。"},
			{"（１）暗号化されたファイルの拡張子", ".locked", "（２）脅迫文", "Your files are encrypted"},
			{},
			{"侵入経路（判明している場合）"},
			{"VPN 装置"},
			{"IoC情報", "203[.]0[.]113[.]9", "bad.example.net"},
			{"業務への影響", "外来を停止"},
			{"対応状況", "ネットワークから切断"},
			{"悪用された脆弱性", "CVE-2018-13379"},
		},
		{{"事案の概要", "全端末に脅迫文"}, {"侵入経路", "原因は不明"}, {"発覚日時", "連絡先", "影響"}, {"翌日", "情報部", "救急"}},
		{{"連絡先", "総務課", "03-0000-0000"}, {strings.Repeat("概要の記入方法の説明。", 20), "x"}},
	})
	for name, pair := range map[string][2]string{
		"since": {got.Since, "令和8年11月2日 6時40分頃\n翌日"}, "seen": {got.Seen, "電子カルテが暗号化された。\n.locked\n全端末に脅迫文"}, "note": {got.Note, "Your files are encrypted"},
		"entry": {got.Entry, "VPN 装置\n原因は不明"}, "indicators": {got.Indicators, "203[.]0[.]113[.]9 bad.example.net"}, "stopped": {got.Stopped, "外来を停止\n救急"},
		"done": {got.Done, "ネットワークから切断"}, "cves": {got.CVEs, "CVE-2018-13379"}, "contact": {got.Contact, "情報部\n総務課 03-0000-0000"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	if got := form.FromTables([][][]string{{{"合計", "3"}, nil, {""}}}); got.Seen+got.Stopped+got.Entry != "" {
		t.Errorf("of another table: %q", got)
	}
}
