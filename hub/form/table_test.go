package form_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		"since": {got.Since, "令和8年11月2日 6時40分頃\n翌日"}, "seen": {got.Seen, "電子カルテが暗号化された。\n全端末に脅迫文"}, "note": {got.Note, "Your files are encrypted"},
		"entry": {got.Entry, "VPN 装置\n原因は不明"}, "indicators": {got.Indicators, "203[.]0[.]113[.]9 bad.example.net"}, "stopped": {got.Stopped, "外来を停止\n救急"},
		"done": {got.Done, "ネットワークから切断"}, "cves": {got.CVEs, "CVE-2018-13379"}, "contact": {got.Contact, "情報部\n総務課 03-0000-0000"},
		"extension": {got.Extension, ".locked"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	if got := form.FromTables([][][]string{{{"合計", "3"}, nil, {""}}}); got.Seen+got.Stopped+got.Entry != "" {
		t.Errorf("of another table: %q", got)
	}
}

// The layout of the authorities' forms: sections in merged cells, remarks and examples
// in print, boxes to tick, answers over several rows.
func TestFromTablesOfTheAuthorities(t *testing.T) {
	got := form.FromTables([][][]string{{
		{"ランサムウェア事案 共通の様式"},
		{"宛先", "□個人情報保護委員会 ■警察 □その他（　　）"},
		{"報告年月日", "令和8年11月3日", "報告の種別", "■速報　□確報"},
		{"１．報告者", "担当者氏名", "北野"},
		{"", "電話番号", "03-0000-0000", "※日中つながる番号"},
		{"２．被害の状況", "発覚日時", "令和8年11月2日 6時40分"},
		{"", "発生日時", "　　年　　月　　日　　時頃"},
		{"", "事案の概要（分かる範囲で記載してください。）", "全端末に脅迫文が表示された。"},
		{"", "", "電子カルテが開けない。"},
		{"", "業務への影響", "外来の受付を停止"},
		{"３．攻撃技術情報", "①ランサムノート\n（文言又はスクリーンショット等）", "Your files are encrypted"},
		{"", "②暗号化されたファイルの\n拡張子", ".locked"},
		{"", "③ランサムウェアの類型", "■暗号化　□情報の窃取のみ　☑脅迫"},
		{"", "④侵入方法", "FALSE", "フィッシングメール"},
		{"", "", "TRUE", "脆弱性の悪用"},
		{"", "", "FALSE", "その他（　　　）"},
		{"", "⑤ランサムウェアの特徴（インディケータ情報）", "種別", "値"},
		{"", "", "IPアドレス", "203[.]0[.]113[.]9"},
		{"", "", "ドメイン", "bad.example.net"},
		{},
		{"４．個人データ", "漏えい等が発生したおそれのある個人データの項目", "氏名、病歴"},
		{"", "本人の数", "約12,000人"},
		{"", "原因", "保守用の接続"},
		{"", "二次被害又はそのおそれの有無及びその内容", "なし"},
		{"", "本人への対応の実施状況", "準備中", "公表の実施状況", "未公表"},
		{"", "再発防止のための措置", "例：多要素認証の導入"},
		{"５．対応の経過", "11/2 6:40 発見"},
		{"", "11/2 7:10 ネットワークを遮断"},
		{"６．同意", "■国家サイバー統括室との共有に同意する"},
	}})
	want := form.Answers{
		Contact: "北野\n03-0000-0000", Since: "令和8年11月2日 6時40分", Seen: "全端末に脅迫文が表示された。\n電子カルテが開けない。\n暗号化\n脅迫", Stopped: "外来の受付を停止",
		Note: "Your files are encrypted", Extension: ".locked", Entry: "脆弱性の悪用\n保守用の接続", Indicators: "種別 値\nIPアドレス 203[.]0[.]113[.]9\nドメイン bad.example.net",
		Timeline: "11/2 6:40 発見\n11/2 7:10 ネットワークを遮断",
		Breach:   form.Breach{Data: "氏名、病歴", Persons: "約12,000人", Secondary: "なし", Told: "準備中", Published: "未公表"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
