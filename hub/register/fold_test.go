package register_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"isac/hub/register"
)

// TestFoldUnites: every line holds spellings that a reader takes for the same.
func TestFoldUnites(t *testing.T) {
	for _, same := range [][]string{
		{"高崎辺見病院", "髙﨑邉見病院", "高 崎 邊 見 病 院", "高\u200b崎\u2060辺見病院", "高・崎・辺・見・病・院"},
		{"ガラス", "ｶﾞﾗｽ", "がらす", "か\u3099らす", "カ゛ラス"},
		{"センター", "ｾﾝﾀｰ", "センタ", "せんたー", "センタ−"},
		{"キャッスル", "キヤツスル"},
		{"佐々木", "佐佐木"},
		{"ABC-123", "ＡＢＣ１２３", "аbc 123", "a\u0301bc①②③", "ΑВС１２３", "A\u202eBC-12\u00ad3"},
		{"Ōsaka", "Osaka", "O\u0304saka", "ＯＳＡＫＡ"},
		{"㈱あおぞら", "(株)あおぞら", "株あおぞら"},
		{"斎藤", "齋藤", "齊藤", "斉藤"},
		{"٠١٢", "012", "०१२"},
		{"霞ヶ関", "霞ケ関", "霞け関"},
		{"𠮷田", "吉田", "吉\U000e0100田", "吉\ufe00田"},
	} {
		for _, s := range same[1:] {
			if got, want := register.Fold(s), register.Fold(same[0]); got != want {
				t.Errorf("Fold(%q) = %q, Fold(%q) = %q", s, got, same[0], want)
			}
		}
	}
	if register.Fold("病院") == register.Fold("医院") || register.Fold("あ") == register.Fold("い") {
		t.Error("folding unites different words")
	}
}

// TestVariantTable: the table is as large as agreed, and no form is folded to one
// that is itself folded.
func TestVariantTable(t *testing.T) {
	pairs := []string{"髙高", "﨑崎", "邊辺", "邉辺", "齋斎", "齊斎", "澤沢", "濱浜", "國国", "廣広", "櫻桜", "學学", "嶋島", "冨富", "龍竜", "瀧滝", "眞真", "惠恵", "嶽岳", "舘館", "萬万", "會会", "榮栄", "醫医", "縣県", "靑青", "淵渕", "嵜崎", "槇槙", "栁柳"}
	for _, p := range pairs {
		r := []rune(p)
		if register.Fold(string(r[0])) != register.Fold(string(r[1])) {
			t.Errorf("%c isn't folded to %c", r[0], r[1])
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"高 崎病院", "ｶﾞﾗｽ㈱\xff\xfe々", "Å\u0301\u200bＡ½Ⅳ", "\u3164\u1160々々", "ﷺ", "a\U000e0100", "ΐΰ\u0345İſß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded, offsets := register.FoldMap(s)
		if folded != register.Fold(s) || !utf8.ValidString(folded) {
			t.Fatalf("FoldMap and Fold differ or give invalid UTF-8: %q", folded)
		}
		if again := register.Fold(folded); again != folded {
			t.Fatalf("folding twice: %q, then %q", folded, again)
		}
		if len(offsets) != len(folded)+1 || offsets[len(folded)] != len(s) || !slices.IsSorted(offsets) {
			t.Fatalf("offsets %v for %d bytes of %d", offsets, len(folded), len(s))
		}
		for i := range folded {
			if at := offsets[i]; at >= len(s) || !utf8.RuneStart(s[at]) {
				t.Fatalf("byte %d comes from offset %d, which begins no character", i, at)
			}
		}
	})
}

func BenchmarkFold(b *testing.B) {
	text := strings.Repeat("電子カルテのサーバー（EMR-DB01）が暗号化され、ＶＰＮ装置から侵入された。", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		register.Fold(text)
	}
}
