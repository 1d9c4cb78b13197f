package gate

import "testing"

// TestOrdinaryLabelNeedsItsDomain: a label that may be any word names nobody in an
// alert's sentences or in somebody else's domain; one of the row's own name does.
func TestOrdinaryLabelNeedsItsDomain(t *testing.T) {
	r, err := Compile([]string{"id", "name_ja", "name_kana", "name_romaji", "domain"}, [][]string{
		{"L1", "椋鳥台病院", "むくどりだいびょういん", "Mukudoridai Hospital", "www.webportal.or.jp"},
		{"L2", "花梨坂病院", "かりんざかびょういん", "Karinzaka Hospital", "hospital.example.jp"},
		{"L3", "雪割病院", "ゆきわりびょういん", "Yukiwari Hospital", "seiwakai.or.jp"},
		{"L4", "葦原病院", "あしはらびょういん", "Ashihara Hospital", "western.com"},
		{"L5", "雪割中央病院", "ゆきわりちゅうおうびょういん", "Yukiwari Central Hospital", "yukiwari-hp.jp"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"Check the webportal of the vendor.", "for example", "western companies; separate networks", "https://webportal.evil.net/x", "webportal@evil.net",
		"log in to the webportal. Then wait", "ポータル webportal。次に", "example.com.evil.net", "my-webportal", `C:\webportal\x`,
	} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
	for _, text := range []string{
		"webportal.or.jp", "dc01.webportal", "tanaka@webportal", "webportal.local", "webportal[.]lan", "ｗｅｂｐｏｒｔａｌ．ｌｏｃａｌ", "w\u200bebportal(dot)lan",
		"files.example.jp", "a@example", "western.com", "fs.western.", "seiwakai", "SEIWAKAI", "yukiwari-hp",
	} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) == 0 {
			t.Errorf("%q passes", text)
		}
	}
}
