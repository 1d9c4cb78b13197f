package adversary

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lookAlikes are letters of other scripts that read like Latin ones, and kanji in
// their other forms, each before what it is read as.
var lookAlikes = pairs("аaеeоoрpсcхxуyіiјjѕsԁdһhкkмmтtвbнnԛqԝwαaοoρpνvτtκkιiυuօoոnսuɑaɡgıi" +
	"髙高﨑崎嵜崎碕崎邊辺邉辺斎斉齋斉齊斉濵浜濱浜嶋島嶌島澤沢國国廣広櫻桜龍竜瀧滝德徳惠恵眞真靜静榮栄壽寿與与縣県學学醫医區区會会豐豊藏蔵實実圓円鐵鉄鹽塩關関黑黒萬万𠮷吉冨富峯峰舘館寶宝彌弥來来橫横步歩氣気淨浄灣湾滿満燈灯點点總総綠緑藥薬舊旧莊荘螢蛍衞衛觀観鄕郷都都賴頼麥麦黃黄龜亀濟済兒児瀨瀬穗穂檜桧淵渕槇槙神神福福祥祥曾曽羽羽精精益益猪猪靖靖靍鶴隆隆鷗鴎團団聲声樂楽獨独帶帯從従戶戸條条雙双勞労體体" +
	"⼭山⼤大⽊木⽔水⼩小⼟土⽥田⾼高⾕谷⾥里⾦金⾭青⻘青⾧長⻑長⾑西⻄西⺠民⻩黄⻭歯⻯竜⻨麦⻆角⽇日⽉月⽯石⽵竹⽷糸⾨門⾺馬⿃鳥⿅鹿⽩白⽬目⽴立⼦子⼥女⼼心⼿手⽣生⽤用⾒見⾚赤⾜足⾬雨⾳音⾷食⻝食⾵風⾸首⿊黒⼀一⼆二⼋八⼗十")

func pairs(s string) map[rune]rune {
	out, list := map[rune]rune{}, []rune(s)
	for i := 0; i+1 < len(list); i += 2 {
		out[list[i]] = list[i+1]
	}
	return out
}

var smallKana = pairs("ぁあぃいぅうぇえぉおっつゃやゅゆょよゎわゕかゖけ")

// fold writes a text in one form: compatibility forms, case, kana, look-alikes, and
// without what can't be seen.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKC.String(strings.Map(visible, s))) {
		if r >= 'ァ' && r <= 'ヶ' {
			r += 'ぁ' - 'ァ'
		}
		if l, ok := lookAlikes[r]; ok {
			r = l
		}
		if k, ok := smallKana[r]; ok {
			r = k
		}
		if r >= 0x80 && unicode.IsDigit(r) {
			r = digit(r)
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(strings.Map(unaccented, norm.NFD.String(b.String())))
}

// visible drops signs that nobody sees.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) || r == 0x34f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef || r == 0x115f || r == 0x3164 {
		return -1
	}
	return r
}

// unaccented drops marks over letters, but for those of kana.
func unaccented(r rune) rune {
	if unicode.Is(unicode.Mn, r) && r != 0x3099 && r != 0x309a {
		return -1
	}
	return r
}

// digit reads a digit of any script.
func digit(r rune) rune {
	for zero := r; zero > r-10; zero-- {
		if !unicode.IsDigit(zero - 1) {
			return '0' + r - zero
		}
	}
	return r
}

// squeeze leaves letters and digits.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 'ー' || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)
}
