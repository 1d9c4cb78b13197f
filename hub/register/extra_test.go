package register_test

import (
	"bytes"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register"
)

// TestOptionalColumns: former names, institution code, network numbers and staff are
// found in every notation; a list without the columns is the same version as before.
func TestOptionalColumns(t *testing.T) {
	o := hub.Organisation{
		ID: "X1", NameJA: "椋鳥台総合病院", Member: true, FormerName: "鴇沢町立病院|Tokizawa Town Hospital", InstitutionCode: "0419876543",
		ASN: "AS398765|65010", Staff: "鍋倉 慎之介|Kushibiki Marishima",
	}
	list, err := register.New([]hub.Organisation{o, {ID: "X2", NameJA: "雪割病院", ASN: "64999", Staff: "渡会 瑞穂"}})
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	for _, text := range []string{
		"旧鴇沢町立病院", "鴇沢町立病院の時代", "Tokizawa Town Hospital", "医療機関コード 0419876543", "０４１９８７６５４３", "04-1987654-3", "AS398765", "AS 65010", "ASN-65010",
		"autonomous-system:number = 398765", "鍋倉慎之介", "鍋 倉 愼之介", "Kusibiki Marisima", "kushibiki.marishima@x.jp",
	} {
		if len(x.Find(text)) == 0 {
			t.Errorf("%q isn't found", text)
		}
	}
	for _, text := range []string{"398765", "AS3987650", "10419876543", "AS64999", "渡会瑞穂", "慎之介"} {
		if hits := x.Find(text); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
	if n := register.NeedlesOf(o); n > 64 {
		t.Errorf("%d needles", n)
	}
	again, err := register.Read(bytes.NewReader(write(t, list)))
	if err != nil || again.Digest() != list.Digest() {
		t.Errorf("written and read: %v", err)
	}
	plain, err := register.New([]hub.Organisation{{ID: "X1", NameJA: "椋鳥台総合病院"}})
	if err != nil {
		t.Fatal(err)
	}
	if text := string(write(t, plain)); strings.Contains(text, "former_name") {
		t.Error("a list without optional columns is written with them")
	}
}

func write(t *testing.T, list *register.Register) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := list.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOptionalCellsAreChecked as the others are.
func TestOptionalCellsAreChecked(t *testing.T) {
	for why, o := range map[string]hub.Organisation{
		"a code of nine digits": {InstitutionCode: "041987654"}, "letters in a code": {InstitutionCode: "04A9876543"}, "no number": {ASN: "AS|x"}, "network 0": {ASN: "0"},
		"too many people": {Staff: strings.Repeat("鍋倉|", 17)}, "too many names": {FormerName: strings.Repeat("旧病院|", 17)},
	} {
		o.ID, o.NameJA, o.Member = "X1", "椋鳥台総合病院", true
		if _, err := register.New([]hub.Organisation{o}); err == nil {
			t.Errorf("%s: taken", why)
		}
	}
}
