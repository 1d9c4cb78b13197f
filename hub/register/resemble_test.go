package register_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/proportion"
)

func resembling(t *testing.T) *register.Index {
	t.Helper()
	list, err := register.New([]hub.Organisation{{
		ID: "R1", NameJA: "碧沢総合病院", NameRomaji: "Midorisawa General Hospital", Domain: "midorisawa-gh.jp", Vendor: "株式会社つきの情報", HostnamePrefix: "MIDSAW", Member: true,
	}, {
		ID: "R2", NameJA: "花霞病院", NameRomaji: "Hanagasumi Hospital", Domain: "hanagasumi.example", LegalName: "医療法人 花沢碧会 花霞病院", FormerName: "月沢花病院",
	}, {
		ID: "R3", NameJA: "峰病院", NameRomaji: "Mine Hospital", Domain: "mine-hp.example",
	}})
	if err != nil {
		t.Fatal(err)
	}
	return register.NewIndex(list)
}

func TestResembles(t *testing.T) {
	x := resembling(t)
	for _, value := range []string{
		"hanakasumi.top", "loginhanakazumivpn.net", "HANAKASUMI_data.7z", "hanagazumi", "hanagasummi.com", "hanagasuni.com", "hanagausmi.com", "xhanagasumi.com", "anagasumi.com",
		"midorizawa-gh.com", "m1dorisawa", "mid0r1sawa.zip", "midolisawa.com", "hekitaku-login.top", "tsukinojouhou.com", "tukinojoho-support.net",
		"awasirodim.exe", "zvqbevfnjn.exe", "imusaganah", "secure-midorsawa.example.net", "MIDORIZAWA-README.txt", "https://badc2.top/hanakasumi/leak",
		"hanazawamidorikai-login.com", "tsukisawahana.top", "loginkazawahekikai.net",
		"nvuwi33snfzwc53b.badc2.top", "2c6b0ecd1d2b3d9df0e0ab9fa5d5cd5a" + "/hanakasumi",
	} {
		if len(x.FindChosen(value)) == 0 {
			t.Errorf("%s isn't seen", value)
		}
	}
	for _, value := range []string{
		"hanagasaki.top", "kasumi-login.com", "midori-login.com", "minevpn.com", "mind-the-gap.com", "nime.exe", "awa.exe", "authentication-service.microsoft-online.top", "parachuting.com", "svchost.exe",
		"d41d8cd98f00b204e9800998ecf8427e", "sawavpn.net", "", "MidSummer.zip", "lockbit-readme.txt", "translation.example",
	} {
		if len(x.FindChosen(value)) != 0 {
			t.Errorf("%s is taken for a name", value)
		}
	}
}

// Digests of what an organisation is called, whole or as they begin.
func TestResemblesADigest(t *testing.T) {
	x := resembling(t)
	for _, value := range []string{
		"bd9f2c6fb2b6a5bd0eb0b2f2b9d8c3d7", "ffffffffffffffffffffffffffffffff", "0000000000000000000000000000000000000000",
	} {
		if len(x.FindChosen(value)) != 0 {
			t.Errorf("%s is nobody's", value)
		}
	}
	for _, name := range []string{"hanagasumi.example", "hanagasumi", "Hanagasumi", "花霞病院", "MIDSAW"} {
		for i, digest := range register.DigestsOf(name) {
			for _, value := range []string{digest, "https://badc2.top/" + digest[:16] + "/x", "id_" + digest[:20] + ".bin"} {
				if len(x.FindChosen(value)) == 0 {
					t.Errorf("digest %d of %s isn't seen", i, name)
				}
			}
		}
	}
	if got := register.DigestsOf("password")[4]; got != "8846f7eaee8fb117ad06bdd830b7586c"[:16]+"0000000000000000" {
		t.Errorf("NTLM of password begins %s", got)
	}
}

// Values that attackers' tools and the world have are nobody's: of all words of the tables
// about attacks, with the whole sector in the list, hardly any is taken for a name.
func TestResemblesHardlyAnyWord(t *testing.T) {
	list, err := register.New(synthetic.Register(8000, 5))
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	words := map[string]bool{}
	name := regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9_.-]{5,62}`)
	files, err := filepath.Glob("../vocab/data/*")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			for _, w := range name.FindAllString(lines.Text(), -1) {
				words[w] = true
			}
		}
		f.Close()
	}
	var taken []string
	for w := range words {
		if len(x.FindChosen(w)) != 0 && len(x.Find(w)) == 0 {
			taken = append(taken, w)
		}
	}
	if len(words) < 2000 || len(taken)*1000 > len(words) {
		t.Error(fmt.Sprint(len(taken), " of ", len(words), ": "), taken)
	}
	t.Logf("%d of %d: %v", len(taken), len(words), taken)
}

// TestDigitsForLetters: a name of six letters and more in which digits stand for letters; a
// number behind a word or before it stands for none.
func TestDigitsForLetters(t *testing.T) {
	list, err := register.New([]hub.Organisation{
		{ID: "D1", NameJA: "玉戸病院", NameKana: "たまどびょういん", NameRomaji: "Tamado Hospital", Domain: "tamado-hp.example"},
		{ID: "D2", NameJA: "桂野瀬病院", NameKana: "かつらのせびょういん", NameRomaji: "Katsuranose Hospital", Domain: "seiwakai.or.jp"},
		{ID: "D3", NameJA: "鳴瀬川市立病院", NameRomaji: "Narusegawa Municipal Hospital", Municipality: "鳴瀬川市", MunicipalEN: "Narusegawa"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	for _, value := range []string{
		"t4mado.com", "tamad0.com", "TAMAD0.zip", "tam4d0xy.net", "tamad0xy", "7amado.com", "logint4mado.com", "vpnt4madoportal.com", "t4mado2024.com", "kat5uran0se.com",
		"xqkatsur4nosexq.com", "xkatsuran0se.top", "s3iwaka1-login.com", "k4tur4nose.com", "https://example.net/files/t4m4do/x", "t4mado@example.net", "ｔ４ｍａｄｏ．ｃｏｍ",
	} {
		if len(x.FindChosen(value)) == 0 {
			t.Errorf("%s isn't seen", value)
		}
	}
	for _, value := range []string{
		"tamad.com", "tama0", "tama1do.com", "xt4madox.com", "a7t4mado5x", "7m4d0.com", "n4rusegawa-bashi.com", "0tamad.com", "d41d8cd98f00b204e9800998ecf8427e", "v2.10.3-rc1", "win32k.sys", "T1021.001",
	} {
		if len(x.FindChosen(value)) != 0 {
			t.Errorf("%s is taken for a name", value)
		}
	}
}

// TestFindChosenIsLinear: a long word of near-matches takes time in proportion to its length.
func TestFindChosenIsLinear(t *testing.T) {
	list, err := register.New([]hub.Organisation{
		{ID: "D1", NameJA: "玉戸病院", NameKana: "たまどびょういん", NameRomaji: "Tamado Hospital", Domain: "tamado-hp.example"},
		{ID: "D2", NameJA: "花沢病院", NameKana: "はなさわびょういん", NameRomaji: "Hanasawa Hospital"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	for _, unit := range []string{"t4mado", "tamado", "hanazawa"} {
		find := func(n int) func() {
			text := "x" + strings.Repeat(unit, n/len(unit)) + "x"
			return func() {
				if len(x.FindChosen(text)) != 0 {
					t.Fatalf("found in %.20s…", text)
				}
			}
		}
		proportion.Check(t, unit, 20, find(1<<14), find(1<<17))
	}
}
