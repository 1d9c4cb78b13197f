package gate

import "sync"

// lookAlike maps letters to those of another script that look the same: Cyrillic,
// Greek, Armenian and Latin forms to plain Latin, and the kanji that are drawn like
// katakana to these. A capital is mapped before it is lowered, as it is drawn.
var lookAlike = pairs("" +
	"АAаaВBвbЕEеeЗ3КKкkМMмmНHнhОOоoРPрpСCсcТTтtУYуyХXхxІIіiЇIїiЈJјjЅSѕsҺHһhԀDԁdԚQԛqԜWԝwЁEёeГrгrПnпnЬb" +
	"ΑAαaΒBβbΕEεeΖZζzΗHηnΙIιiΚKκkΜMμuΝNνvΟOοoΡPρpΤTτtΥYυuΧXχxωwγyσo" +
	"օoոnսuցgհhӏlıiɑaɡgʀrøoØOłlŁLđdĐDħhŧtƖlɩiʏyɢgʜhʟlᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢz" +
	"ᎪAᏴBᏟCᎠDᎬEᎶGᎻHᎥiᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZᏏbᏂhᎩyᎵpꭰdꭱrꭲtꭼeꭺaꮯcꮋhꮶkꮮlꮇmꮲpꮪsꮩvꮃwꮓzꮟb" +
	"ꓐBꓓDꓖGꓗKꓙJꓚCꓛCꓝFꓟMꓠNꓡLꓢSꓣRꓤRꓥAꓦVꓧHꓪWꓫXꓬYꓮAꓰEꓱEꓲIꓳOꓴUꓑPꓔTꓜZ" +
	"ϲcϹCϳjϜFԌGҮYүyғfѵvʙbꜰfɴnꜱsʛgʜhʀrʏyᴡwɪiʟlꞯqᴎnᴦrɓbɖdɗdəeɛeƒfɣyɨiɩiκkɭlɱmɲnɵoρpɾrʂsƭtʈtʉuʋvωwʐzƶzᵹg" +
	"二に八は力か口ろ工え夕た卜と才お千ち乃の")

func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	runes := []rune(s)
	for i := 0; i+1 < len(runes); i += 2 {
		to := runes[i+1]
		if to >= 'A' && to <= 'Z' {
			to += 'a' - 'A'
		}
		m[runes[i]] = to
	}
	return m
}

// kanjiVariants are groups of forms of one character; the first stands for all.
const kanjiVariants = "" +
	"高髙 崎﨑嵜碕 辺邊邉 斎斉齋齊 浜濱濵 島嶋嶌嶹 沢澤 国國圀囯 広廣 桜櫻 竜龍 滝瀧 徳德 恵惠 真眞 静靜 条條 栄榮 寿壽 与與 県縣 学學斈 医醫醫 " +
	"区區 会會 豊豐 蔵藏 実實 応應 円圓 鉄鐵鐡銕 塩鹽 関關 団團 黒黑 万萬 吉𠮷 富冨 峰峯 杉椙 曽曾 塚塚 渓溪谿 岳嶽 巌巖 館舘 舎舍 声聲 " +
	"宝寳寶 弥彌 弁辨瓣辯 当當 恒恆 戸戶 払拂 拝拜 晋晉 暁曉 来來 柳栁桺 梅楳 検檢 楽樂 権權 横橫 歩步 歯齒 歴歷 毎每 気氣 浄淨 渋澁澀 渡渡 湾灣 満滿 潜潛濳 灯燈 炉爐 " +
	"点點 為爲 焼燒 状狀 独獨 猪豬 献獻 瑶瑤 瓶甁 畑畠 画畫 発發 皐皋 県縣 研硏 礼禮 社社 祐祐 禄祿 福福 秋秌穐 称稱 穂穗 穏穩 竈竃 築筑 粋粹 糸絲 経經 緑綠 総總 縁緣 " +
	"繁繁 継繼 続續 緒緖 翠翆 者者 聡聰 聴聽 腸膓 台臺 旧舊 芸藝 荘莊 葛葛 蓮蓮 薬藥 蘭蘭 処處 虫蟲 蛍螢 衛衞 装裝 覚覺 観觀 触觸 訳譯 証證 読讀 諸諸 謡謠 豪豪 " +
	"児兒 体體 鶴靍靏 長⻑ 西⻄襾 青⻘ 民⺠ 黄⻩ 歯⻭ 竜⻯ 亀⻲⻳ 麦⻨ 角⻆ 食⻝⻞⻟ 鬼⻤ 虎⻁ 母⺟ 馬⻢ 鳥⻦ 車⻋ 貝⻉ 頁⻚ 門⻔ 金⻐ 雨⻗ 斉⻫ 魚⻥ 見⻅ 風⻛ 飛⻜ 月⺝ 日⺜ " +
	"両兩 並竝 之㞢 乗乘 乱亂 予豫 争爭 亜亞 仏佛 仮假 伝傳 体躰 侠俠 価價 倹儉 偽僞 兎兔菟 党黨 冲沖 凉涼 剣劒 剰剩 励勵 厩廏廐 叡睿 呑吞 唖啞 喜㐂憙 営營营 噛嚙 園薗 土圡 " +
	"塚塜 増增 墻牆 壱壹 壺壷 奨奬獎 妍姸 姉姊 姫姬 娯娛 学斅 寛寬 寝寢 屏屛 屡屢 岩巌巖 島㠀 崎㟢 嵯嵳 庵菴 弐貮 弯彎 彦彥 径徑 悦悅 愛爱 慎愼 懐懷 戸户 戻戾 挙舉 掲揭 " +
	"掻搔 携攜 撃擊 撹攪 斎亝齐 昂昻 晃晄 晟晠 暦曆 曳曵 朗朖 杉杦 来耒 杯盃 松枩柗 枡桝 柏栢 栖棲 桑桒 梁樑 梼檮 楼樓 概槪 歳歲 没沒 沢泽 洲州 浅淺 涌湧 溌潑 焔焰 熙凞煕 " +
	"爾尓 琉瑠 産產 画畵 畝畆畞 疇畴 痩瘦 瞭暸 砺礪 砿礦鉱鑛 祇衹 祷禱 稔秊 稲稻 窓窗窻 竪豎 箏筝 総惣緫 缶罐 舗舖 花華 萌萠 葦芦蘆 蒋蔣 蕊蘂 薫薰 薮籔藪 藤籐 蝋蠟 説說 譲讓 賢贒 " +
	"醤醬 野埜 鋭銳 鑑鑒 関闗 闘鬪 雁鳫鴈 頬頰 飲飮 驒騨 髄髓 鶴鸖 鹸鹼 麹麴 麺麵 鼓皷 齢齡 西覀 亀⻳ " +
	"賛贊 売賣 転轉 軽輕 辞辭 逓遞 遥遙 郎郞 郷鄕鄉 都都 酔醉 釈釋 鋳鑄 銭錢 録錄 鎌鐮 閲閱 陥陷 隆隆 随隨 険險 隠隱 雑雜 霊靈 青靑 頼賴 顕顯 顔顏 類類 飯飯 駅驛 駆驅 " +
	"騒騷 験驗 髪髮 鶏鷄雞 鷗鴎 麦麥 麻麻 黄黃 黙默 斉斉 剣劍劔剱釼 剤劑 労勞 勲勳 勧勸 効效 勅敕 北北 単單 厳嚴 参參 双雙 収收 叙敍敘 号號 呉吳 嘱囑 囲圍 図圖 圧壓 堕墮 塁壘 " +
	"壊壞 壌壤 壮壯 売賣 変變 奥奧 嬢孃 学學 宝寶 実實 写寫 将將 専專 対對 尽盡 届屆 属屬 峡峽 巣巢 帯帶 帰歸 庁廳 廃廢 弐貳 弾彈 従從 徴徵 恋戀 悪惡 悩惱 惨慘 戦戰 戯戲 抜拔 択擇 " +
	"担擔 拠據 拡擴 挙擧 捜搜 挿插 揺搖 摂攝 数數 断斷 昼晝 晩晚 暑暑 枢樞 桟棧 様樣 槙槇 欧歐 歓歡 残殘 殴毆 殻殼 沢澤 沿沿 涙淚 渚渚 済濟 湿濕 温溫 滞滯 瀬瀨 潟澙 炭炭 犠犧 狭狹 " +
	"猟獵 獣獸 琢琢 瑠璢 畳疊疉 痴癡 療疗 盗盜 砕碎 祈祈 祖祖 祝祝 神神 祥祥 禅禪 禍禍 秘祕 窃竊 節節 粛肅 糾糺 絵繪 縦縱 纎繊纖 欠缺 署署 胆膽 脳腦 臓臟 茎莖 著著 蛮蠻 褐褐 褒襃 視視 " +
	"覧覽 謁謁 誉譽 賓賓 賎賤 践踐 軍軍 逸逸 遅遲 郁郁 醸釀 鉱鑛礦 鎮鎭 関関 隣鄰 隷隸 難難 響響 頻頻 餅餠 館館 駐駐 鬱欝 鴬鶯 亀龜 凛凜 尭堯 桧檜 槇槙 渕淵渊 祇祗 祢禰 篭籠 蝉蟬 鯵鰺"

// kanjiVariant maps each variant to the form that stands for it.
var kanjiVariant = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	var head rune
	fresh := true
	for _, r := range kanjiVariants {
		switch {
		case r == ' ':
			fresh = true
		case fresh:
			head, fresh = r, false
			if to, ok := m[head]; ok {
				head = to
			}
		case r != head:
			if _, ok := m[r]; !ok {
				m[r] = head
			}
		}
	}
	for from, to := range m {
		if top, ok := m[to]; ok && top != from {
			m[from] = top
		}
	}
	return m
})
