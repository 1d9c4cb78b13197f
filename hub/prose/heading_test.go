package prose_test

import (
	"testing"

	"isac/hub/profile"
	"isac/hub/prose"
	"isac/hub/vocab"
)

// The headings of a form ask, and state nothing; what stands under them does.
func TestHeadingsStateNothing(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, text := range []string{"■ How they may have got in\n", "■ 侵入経路\n", "■ 拡張子\n", "■ Further harm\nnone\n"} {
		if found := prose.Extract(v, text, ""); len(found) > 0 {
			t.Errorf("%q states %v", text, found[0].Fact.Class)
		}
	}
	if len(prose.Extract(v, "■ 侵入経路\nVPN装置の脆弱性を悪用されて侵入された。\n", "ja")) == 0 {
		t.Error("what stands under a heading isn't read")
	}
}
