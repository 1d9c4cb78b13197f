package disguise

import "strings"

// groups reads words of characters that stand for each other: the first as it is
// usually written, then the others.
func groups(words string) map[rune][]rune {
	m := map[rune][]rune{}
	for _, w := range strings.Fields(words) {
		r := []rune(w)
		m[r[0]] = append(m[r[0]], r[1:]...)
	}
	return m
}

// oldKanji are kanji and their old, variant and compatibility forms, written from
// what names in Japan are written with.
var oldKanji = groups("高髙 崎﨑嵜碕 辺邊邉 斎齋 斉齊 浜濱濵 島嶋嶌 沢澤 国國 広廣 桜櫻 竜龍 滝瀧 徳德 恵惠 真眞 静靜 栄榮 寿壽 与與 県縣 学學 医醫 区區 会會 豊豐 蔵藏 実實 円圓 " +
	"鉄鐵 塩鹽 関關 黒黑 万萬 吉𠮷 富冨 峰峯 塚塚 渓溪 岳嶽 館舘 宝寶 弥彌 来來 柳栁 横橫 歩步 気氣 浄淨 湾灣 満滿 灯燈 点點 総總 緑綠 薬藥 台臺 旧舊 荘莊 蛍螢 衛衞 観觀 郷鄕 都都 頼賴 " +
	"麦麥 黄黃 亀龜 済濟 児兒 瀬瀨 穂穗 桧檜 渕淵 槙槇 神神 福福 祥祥 曽曾 羽羽 精精 益益 猪猪 靖靖 鶴靍 隆隆 鴎鷗 団團 声聲 楽樂 独獨 療療 立立 帯帶 広廣 従從 戸戶 社社 祉祉 条條 双雙 労勞 体體")

// radicals are signs for parts of kanji that look like the kanji itself; a text
// copied out of a PDF is full of them.
var radicals = groups("山⼭ 大⼤ 木⽊ 水⽔ 小⼩ 土⼟ 田⽥ 高⾼ 谷⾕ 里⾥ 金⾦ 青⾭⻘ 長⾧⻑ 西⾑⻄ 民⺠ 黄⻩ 歯⻭ 竜⻯ 亀⻲ 麦⻨ 角⾓⻆ 日⽇ 月⽉ 石⽯ 竹⽵ 糸⽷ 門⾨ 馬⾺ 鳥⿃ 鹿⿅ 白⽩ 目⽬ 立⽴ 子⼦ 女⼥ 心⼼ 手⼿ 生⽣ 用⽤ 見⾒ 赤⾚ 足⾜ 雨⾬ 音⾳ 食⾷⻝ 風⾵ 首⾸ 黒⿊ 一⼀ 二⼆ 八⼋ 十⼗")

// otherScripts are letters of other scripts that look Latin.
var otherScripts = groups("aаαɑᴀ bЬᏏʙ cсϲᴄ dԁᴅ eеᴇ fғꜰ gɡɢ hһʜ iіı jј kкκᴋ lӏʟ mмᴍ nոɴ oоοօᴏ pрρᴘ qԛ rгʀ sѕꜱ tтτᴛ uυսᴜ vνѵᴠ wԝᴡ xхχ yуγʏ zᴢ " +
	"AАΑᎪ BВΒᏴ CСᏟ DᎠ EЕΕᎬ FϜ GԌ HНΗᎻ IІΙ JЈᎫ KКΚᏦ LᏞ MМΜᎷ NΝ OОΟ PРΡᏢ QԚ RᎡ SЅᏚ TТΤᎢ VᏙ WԜᎳ XХΧ YУΥҮ ZΖᏃ")

// halfKana are the narrow forms of katakana.
var halfKana = func() map[rune]string {
	m := map[rune]string{}
	full := []rune("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー")
	half := []rune("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ")
	for i, c := range full {
		m[c] = string(half[i])
	}
	for _, c := range "ガギグゲゴザジズゼゾダヂヅデドバビブベボ" {
		m[c] = m[c-1] + "ﾞ"
	}
	for _, c := range "パピプペポ" {
		m[c] = m[c-2] + "ﾟ"
	}
	return m
}()
