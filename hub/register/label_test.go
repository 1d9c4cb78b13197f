package register_test

import (
	"testing"

	"isac/hub"
	"isac/hub/register"
)

// TestOrdinaryLabelNeedsItsDomain: a label that may be any word names nobody in prose
// or in somebody else's domain; one of the organisation's own name does.
func TestOrdinaryLabelNeedsItsDomain(t *testing.T) {
	list, err := register.New([]hub.Organisation{
		{ID: "L1", NameJA: "椋鳥台病院", NameKana: "むくどりだいびょういん", NameRomaji: "Mukudoridai Hospital", Domain: "www.portal.or.jp"},
		{ID: "L2", NameJA: "花梨坂病院", NameKana: "かりんざかびょういん", NameRomaji: "Karinzaka Hospital", Domain: "hospital.example.jp"},
		{ID: "L3", NameJA: "雪割病院", NameKana: "ゆきわりびょういん", NameRomaji: "Yukiwari Hospital", Domain: "seiwakai.or.jp", Mail: "a@yukiwari-hp.jp"},
		{ID: "L4", NameJA: "葦原病院", NameKana: "あしはらびょういん", NameRomaji: "Ashihara Hospital", Domain: "western.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	for _, text := range []string{
		"Check the web portal of the vendor.", "for example", "western companies; separate networks", "https://portal.evil.net/x", "portal@evil.net",
		"log in to the portal. Then wait", "ポータル portal。次に", "example.com.evil.net", "my-portal", "C:\\portal\\x", "operate.generate",
	} {
		for _, h := range x.Find(text) {
			t.Errorf("%q: %s at %d-%d", text, h.Class, h.Start, h.End)
		}
	}
	for _, text := range []string{
		"portal.or.jp", "dc01.portal", "tanaka@portal", "portal.local", "portal[.]lan", "ｐｏｒｔａｌ．ｌｏｃａｌ", "p\u200bortal(dot)lan", "example.jp", "files.example.jp",
		"a@example", "western.com", "fs.western.", "seiwakai", "SEIWAKAI", "yukiwari-hp", "MUKUDORIDAI",
	} {
		if len(x.Find(text)) == 0 {
			t.Errorf("%q isn't found", text)
		}
	}
}
