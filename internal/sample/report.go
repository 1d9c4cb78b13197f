package sample

import (
	"fmt"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// sentences are what reporters write, the victim's name, hosts and people among it.
var sentences = []string{
	"{name}の端末{host}{n}（カルテ参照用）から外部への不審な通信が確認された。",
	"保守業者の接続経路を悪用された可能性が高く、VPN装置のファームウェアは更新されていなかった。",
	"管理者権限の共有パスワードにより、サーバー{n}台へ不正なプログラムが展開された。",
	"ファイルサーバーの{n}番の共有フォルダーが暗号化され、拡張子が変更されていた。",
	"オンラインのバックアップは削除されていたが、磁気テープの{n}世代前が残っている。",
	"担当は情報管理課の戸倉係長（内線{n}）で、{municipality}の保健所へ連絡した。",
	"攻撃者はリモートデスクトップで{host}{n}から電子カルテのサーバーへ移動したとみられる。",
	"ウイルス対策ソフトは停止されており、検知の記録は{n}件しか残っていなかった。",
	"外来の受付を紙の運用に切り替え、{n}床の病棟では処方を電話で確認している。",
	"認証情報がメモリーから窃取された形跡があり、{vendor}の保守用アカウントも使われた。",
	"脅迫文には連絡先として匿名の掲示板が示され、{n}日以内の支払いを求めていた。",
	"個人情報の漏えいは確認されていないが、{n}ギガバイトの送信が記録されている。",
	"夜間の当直者が{n}時ごろに画面の異常に気付き、LANケーブルを抜いた。",
}

// Report is a report of one incident at o, in Japanese: 50 objects and about 30 KB.
// Each key is another incident.
func Report(o hub.Organisation, key string) ([]byte, error) {
	b := &bundle{key: "report " + o.ID + " " + key}
	b.add("identity", 0, stix.Object{"name": o.NameJA, "identity_class": "organization", "contact_information": o.Mail})
	malware := b.add("malware", 0, stix.Object{"name": "LockBit", "is_family": true, "malware_types": []any{"ransomware"}})
	incident := b.add("incident", 0, stix.Object{"name": o.NameJA + "のランサムウェア感染", "description": paragraph(o, 0)})
	for i, t := range []string{"T1133", "T1486"} {
		b.add("attack-pattern", i, stix.Object{
			"name": t, "external_references": []any{stix.Object{"source_name": "mitre-attack", "external_id": t}},
		})
	}
	for n := range 15 {
		b.add("note", n, stix.Object{"content": paragraph(o, n+1), "object_refs": []any{incident}})
		indicator := b.add("indicator", n, stix.Object{
			"pattern": fmt.Sprintf("[ipv4-addr:value = '203.0.113.%d']", n+1), "pattern_type": "stix", "valid_from": day,
			"indicator_types": []any{"malicious-activity"},
		})
		b.add("relationship", n, stix.Object{"relationship_type": "indicates", "source_ref": indicator, "target_ref": malware})
	}
	return b.marshal()
}

// paragraph is the n-th text of a report: eight sentences, each time others.
func paragraph(o hub.Organisation, n int) string {
	var text strings.Builder
	for i := range 8 {
		at := n*5 + i
		fill := strings.NewReplacer("{name}", o.NameJA, "{host}", o.HostnamePrefix, "{municipality}", o.Municipality,
			"{vendor}", o.Vendor, "{n}", fmt.Sprint(at%17+2))
		text.WriteString(fill.Replace(sentences[at%len(sentences)]))
	}
	return text.String()
}
