package canary_test

// planted are names of a hospital that is in no list, of its people, hosts and
// contractor, and what else would tell it. Each stands in the reports of these tests
// and nowhere else in the project.
var planted = []string{
	"緑翠会 丹戸記念病院", "丹戸記念", "りょくすいかい にとべきねんびょういん", "ニトベキネンビョウイン", "ﾆﾄﾍﾞｷﾈﾝﾋﾞｮｳｲﾝ",
	"Ryokusuikai Nitobe Memorial", "nitobe-kinen-hp.or.jp", // hospital
	"鵜殿 紗千香", "Udono Sachika", "s.udono", // staff
	"NTB-KARTE07", "ntb-pacs02.intra.nitobe", `\\NTB-FS03\kangobu`, // hosts
	"10.187.44.203", "172.29.118.17", "fd5a:91c4:77::203", // private addresses
	"東弥メディカルシステム", "Toya Medical Systems", // contractor
	"473床", "473 beds", "2031-02-17T04:41", "2031年2月17日", // beds, dates
	"0749-12-8867", "incident-desk@nitobe", "x_nitobe_ward", // phone, mail, a property
}
