package world

// techniques are those of real incidents, by their public ids.
var techniques = []string{
	"T1190", "T1133", "T1199", "T1078", "T1021.001", "T1021.002", "T1486", "T1490", "T1003", "T1003.001", "T1562.001", "T1059.001", "T1047",
	"T1110", "T1566.001", "T1053.005", "T1105", "T1041", "T1018", "T1570", "T1569.002", "T1489", "T1219", "T1136", "T1087", "T1083", "T1567.002",
}

var families = []string{"LockBit", "Akira", "Phobos", "Qilin", "RansomHub", "BlackSuit", "Medusa", "Makop", "Conti", "Cuba"}

var tools = []string{"Mimikatz", "PsExec", "AdFind", "Rclone", "WinSCP"}

// product is one that a scan of the internet can tell, with flaws that were used.
type product struct {
	id, vendor, name, cpe string
	cves                  []string
	share                 int // of a hundred members that show any
}

var products = []product{
	{"fortinet-fortios", "Fortinet", "FortiOS", "cpe:2.3:o:fortinet:fortios:6.2.3:*:*:*:*:*:*:*", []string{"CVE-2018-13379", "CVE-2022-40684", "CVE-2024-21762"}, 30},
	{"sonicwall", "SonicWall", "SMA 100", "cpe:2.3:o:sonicwall:sonicos:6.5.4:*:*:*:*:*:*:*", []string{"CVE-2021-20016", "CVE-2024-40766"}, 18},
	{"cisco-asa", "Cisco", "Adaptive Security Appliance", "cpe:2.3:a:cisco:adaptive_security_appliance:9.8:*:*:*:*:*:*:*", []string{"CVE-2020-3259", "CVE-2023-20269"}, 14},
	{"ivanti-connect-secure", "Ivanti", "Connect Secure", "cpe:2.3:a:ivanti:connect_secure:22.3:*:*:*:*:*:*:*", []string{"CVE-2023-46805", "CVE-2025-0282"}, 10},
	{"pulse-secure", "Pulse Secure", "Pulse Connect Secure", "cpe:2.3:a:pulsesecure:pulse_connect_secure:9.0:*:*:*:*:*:*:*", []string{"CVE-2019-11510"}, 9},
	{"palo-alto-pan-os", "Palo Alto Networks", "PAN-OS", "cpe:2.3:o:paloaltonetworks:pan-os:10.2:*:*:*:*:*:*:*", []string{"CVE-2024-3400"}, 7},
	{"citrix-netscaler", "Citrix", "NetScaler Gateway", "cpe:2.3:a:citrix:netscaler_gateway:13.0:*:*:*:*:*:*:*", []string{"CVE-2023-3519", "CVE-2023-4966"}, 5},
	{"checkpoint-gateway", "Check Point", "Quantum Security Gateway", "cpe:2.3:h:checkpoint:quantum_security_gateway:r81:*:*:*:*:*:*:*", []string{"CVE-2024-24919"}, 4},
	{"f5-big-ip", "F5", "BIG-IP", "cpe:2.3:a:f5:big-ip_access_policy_manager:16.1:*:*:*:*:*:*:*", []string{"CVE-2022-1388"}, 2},
	{"microsoft-exchange", "Microsoft", "Exchange Server", "cpe:2.3:a:microsoft:exchange_server:2016:*:*:*:*:*:*:*", []string{"CVE-2021-26855"}, 1},
}

// Names of people: kanji and Latin. They are in no other table of the project.
var surnames = [][2]string{
	{"鵜殿", "Udono"},
	{"蓼沼", "Tadenuma"},
	{"勅使川原", "Teshigawara"},
	{"四十万谷", "Shijimaya"},
	{"久慈岡", "Kujioka"},
	{"薬袋", "Minai"},
	{"神門", "Gouto"},
	{"外池", "Tonoike"},
	{"雲母", "Kirara"},
	{"樫塚", "Kashizuka"},
	{"羽柴田", "Hashibata"},
	{"万里小路", "Madenokoji"},
	{"轟木", "Todoroki"},
	{"小粥", "Okayu"},
	{"髙垣内", "Takagaito"},
	{"渡邉見", "Watanabemi"},
}

var givenNames = [][2]string{
	{"柊介", "Shusuke"}, {"茉莉絵", "Marie"}, {"龍之進", "Ryunoshin"}, {"千鶴子", "Chizuko"}, {"蓮太郎", "Rentaro"}, {"弥栄", "Yae"}, {"慎悟", "Shingo"}, {"小百合", "Sayuri"},
}

// Syllables and endings of invented contractors.
var (
	syllables     = []string{"ハマ", "ヨシ", "トキ", "サワ", "ミネ", "クラ", "アサ", "フジ", "ナカ", "キヨ", "ツル", "オキ", "シマ", "ムラ"}
	contractEnds  = []string{"フードサービス", "リネンサプライ", "ビル管理", "検査センター", "医療事務", "設備", "搬送", "情報サービス"}
	contractForms = []string{"株式会社", "有限会社", "合同会社"}
)

var hostRoles = []string{"SV", "EMR", "PACS", "DC", "FS", "NAS", "BK", "LIS"}

var shares = []string{"kyoyu", "jimu", "karte-bk", "soumu$"}

// Parts of invented domains of attackers.
var (
	c2Syllables = []string{"vel", "tor", "mix", "zan", "qor", "lum", "dex", "rav", "nik", "bos", "fyn", "gal"}
	c2Zones     = []string{"top", "xyz", "info", "net", "com", "cc", "site"}
	c2FirstByte = []int{5, 45, 77, 91, 94, 141, 146, 176, 185, 193, 194, 212}
)

var mutexes = []string{"Global\\", "Local\\"}

// Families of effects that people outside can see, as words of facts.
var outsideImpacts = map[string]bool{
	"records-system-down": true, "outpatients-stopped": true, "surgery-postponed": true, "emergency-limited": true, "admissions-limited": true,
	"paper-operation": true, "billing-down": true, "imaging-down": true, "leak-confirmed": true, "ransom-demanded": true,
}
