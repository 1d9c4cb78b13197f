package gate

import "testing"

func TestFormerNamesCodesAndStaff(t *testing.T) {
	r, err := Compile([]string{"id", "name_ja", "former_name", "institution_code", "asn", "staff"}, [][]string{
		{"X1", "椋鳥台総合病院", "鴇沢町立病院|Tokizawa Town Hospital", "0419876543", "AS398765|65010", "鍋倉 慎之介|Kushibiki Marishima"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"旧鴇沢町立病院", "Tokizawa Town Hospital", "医療機関コード 0419876543", "０４１９８７６５４３", "04-1987654-3", "AS398765", "AS 65010", "ASN-65010",
		"[autonomous-system:number = 398765]", "鍋倉慎之介", "鍋 倉 愼之介", "Kusibiki Marisima", "kushibiki.marishima@x.jp",
	} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) == 0 {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"398765", "AS3987650", "10419876543", "慎之介"} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}
