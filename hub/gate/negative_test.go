package gate

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"isac/internal/beside"
)

// alertPage is what an alert of the hub reads like, in both languages, with the
// words that come near to names: techniques, products, ids, times, hashes, ranges.
const alertPage = `
【速報】VPN装置の既知の脆弱性を悪用したランサムウェア攻撃（業界内の医療機関）
攻撃者は、外部に公開されたFortiOSの脆弱性（CVE-2018-13379、CVE-2022-40684）を悪用し、盗まれた管理者の認証情報で委託先の保守用VPNから侵入しました。
常時接続のリモートデスクトップ（T1021.001）で給食や検査など複数のサーバに移動し、ウイルス対策を止め（T1562.001）、ボリュームシャドウコピーを削除（vssadmin delete shadows /all /quiet）し、ファイルを暗号化しました（T1486）。
電子カルテ、医事会計、画像システムが停止し、外来と救急の受け入れに影響が出ました。オンラインのバックアップも暗号化され、復旧には数週間を要しました。二重恐喝・三重恐喝の疑いがあります。
今日すること：一、装置の更新を都度確認する。二、県や市への連絡を含む対応手順を確かめる。三、管理者のパスワードを変える。四、大量のファイル操作を検知する。五、保守の接続を必要な時だけ開く。
今週すること：多要素認証（M1032）を入れる。バックアップを三つ、うち一つは切り離して持つ。全国の病院、診療所、クリニック、医療センターの担当者へ。中央の監視、総合的な訓練、第一報の速さが大分の被害を防ぎます。
この病院のことではなく、業界の一病院の例です。使う病院は設定を見直してください。光明はあります。千葉ではなく千の葉、と言うように、言葉は重なります。高い山、広い島、長い崎、川の口、福の井、山の形、石の川、新しい潟、富める山。
Flash: a hospital of the sector was hit through a contractor's VPN appliance. The attacker used hospital accounts, moved over Remote Desktop Protocol (T1021.001), Windows Admin Shares (T1021.002) and PsExec (S0029),
dumped credentials with Mimikatz (S0002, T1003.001), deleted backups (T1490) and encrypted data (T1486) with LockBit 3.0. General hospital networks, medical centers and clinics should patch today. Use hospital time servers only.
Groups seen with the same method: G0004, G0007, G0016, APT29, FIN7, Wizard Spider, Fancy Bear. Products: Fortinet FortiOS, Ivanti Connect Secure, Palo Alto PAN-OS, Citrix NetScaler, SonicWall, Cisco ASA, Cisco ISE, F5 BIG-IP, VMware ESXi, Microsoft Exchange, Active Directory.
Go to the portal, open the ticket, use OTA updates, see the user interface (UI), the US, UK and EU guidance, HIPAA, NIST SP 800-61, ISO 27001, IT and OT, MFA, EDR, SIEM, SOC, CISA KEV, JST. Note to all: this is TLP:AMBER.
Indicators: 203.0.113.9, 198.51.100[.]23, hxxps://update-cdn[.]test/a/b?id=4711, evil@mail-relay.test, C:\Users\Public\svchost.exe, HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run, Global\{5d0092c5-5f74-4287-9642-33f4c354e56d}
SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, MD5 098f6bcd4621d373cade4e832627b4f6, powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA
report--5d0092c5-5f74-4287-9642-33f4c354e56d 2026-11-23T10:00:00.000Z 2026-11-24T01:30:07.661Z valid until 2026-12-23 AS64500 port 3389/tcp 443 8443 445 100-1000 0120 24/7 99.9% 10:00 16:00
`

// noHits checks text as it stands and as a string of a document.
func noHits(t *testing.T, r *Register, what, text string) {
	t.Helper()
	doc, err := json.Marshal(map[string]string{"description": text})
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{text, string(doc)} {
		_, hits := mustCheck(t, r, out, nil)
		for _, h := range hits {
			around := out[max(0, h.Start-20):min(len(out), h.End+20)]
			t.Errorf("%s: %s %q in %q", what, h, h.Value, around[:min(len(around), 100)])
		}
	}
}

func TestAlertPagePasses(t *testing.T) {
	t.Run("own", func(t *testing.T) { noHits(t, ownRegister(t), "page", alertPage) })
	t.Run("synthetic", func(t *testing.T) {
		header, rows := sharedRegister(t)
		r, err := Compile(header, rows)
		if err != nil {
			t.Fatal(err)
		}
		noHits(t, r, "page", alertPage)
	})
}

// TestAttackNamesPass: every name of ATT&CK's techniques, software, groups and
// mitigations passes against a list of the sector's size.
func TestAttackNamesPass(t *testing.T) {
	header, rows := sharedRegister(t)
	r, err := Compile(header, rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"techniques", "software", "groups", "mitigations", "tactics", "software-techniques", "technique-mitigations"} {
		data, err := os.ReadFile("../../../shared/data/attack/" + name + ".csv")
		if err != nil {
			beside.Lacks(t, "a folder of ATT&CK tables")
		}
		noHits(t, r, name, string(data))
	}
}

// TestFamilyNames counts the malware names that are places of the sector as well:
// they are held back, and must stay very few.
func TestFamilyNames(t *testing.T) {
	header, rows := sharedRegister(t)
	r, err := Compile(header, rows)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../../../shared/data/malware-families.csv")
	if err != nil {
		beside.Lacks(t, "the list of families")
	}
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names, held := 0, 0
	for _, row := range all[1:] {
		for _, name := range append(strings.Split(row[2], "|"), row[1]) {
			names++
			if _, hits := mustCheck(t, r, "malware "+name+" was used", nil); len(hits) > 0 {
				t.Logf("held: %s", name)
				held++
			}
		}
	}
	if held > names/1000 {
		t.Errorf("%d of %d names are held", held, names)
	}
}
