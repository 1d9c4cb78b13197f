package anonymize

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"isac/hub"
)

// vague are sentences of an attack of which some don't say for sure what was done. A model
// that reads each of them or none needs others here.
var vague = map[string]string{
	"ja": `朝から電子カルテの画面が開かない。共有フォルダの文書は名前の後ろに見慣れない文字が付いていて中身が読めない。
VPNの機器は業者が入れたきりで、だれも更新していなかったらしい。だれかが届いたメールを開いてから動きがおかしい。
退職した人のIDが残っていて、それで入られた。控えの置き場が空になっていた。夜のうちに大量のデータが外へ出ていったようだ。
どの部署も同じ合い言葉を使っていた。ログは一週間分しかなく、後は追えない。受付は手書きで回している。`,
	"en": `Nothing on the ward screens would come up this morning. The files in the shared folder carry strange endings.
The VPN box was put in by a firm and never touched again. It went wrong after one of us opened what had come by mail.
The account of a man who left last year was still there and they used it. The place where the copies were kept is empty.
A big lump of data went out of the house overnight. The logs go back one week, so we cannot say more. The desk writes everything by hand.`,
}

func askedOf(list []ProseFact) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Key)
	}
	return out
}

func has(d Draft, key string) bool {
	return slices.ContainsFunc(d.Body().Facts, func(f hub.Fact) bool { return f.Key() == key })
}

// A hint is no fact, whatever is confirmed as a whole: it is one once the reporter says
// yes to it by its key, and asked no more once the answer is no.
func TestHintsWaitForAYes(t *testing.T) {
	a := smallAnonymizer(t)
	for lang, text := range vague {
		given := Input{Bundle: bundleOf(t, map[string]any{
			"type": "incident", "spec_version": "2.1", "id": "incident--0b6c1b3c-8b5b-4b64-9c0e-5a3b6f1d2e71", "name": "Incident", "lang": lang, "description": text,
			"created": "2026-03-01T00:00:00.000Z", "modified": "2026-03-01T00:00:00.000Z",
		})}
		untouched := draft(t, a, given)
		if len(untouched.Hints) == 0 || len(untouched.Hints) > 12 {
			t.Fatalf("%s: %d hints", lang, len(untouched.Hints))
		}
		given.Answers = Answers{AllConfirmed: true}
		all := draft(t, a, given)
		data, err := json.Marshal(all.Record)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range untouched.Hints {
			if slices.Contains(askedOf(all.Prose), h.Key) || has(all.Full, h.Key) || !slices.Contains(askedOf(all.Hints), h.Key) {
				t.Errorf("%s: %s is a fact though nobody said so", lang, h.Key)
			}
			if bytes.Contains(data, []byte(h.Key)) || bytes.Contains(all.Full.Encode(), []byte(h.Key)) {
				t.Errorf("%s: the record or the draft has %s", lang, h.Key)
			}
			if per := slices.DeleteFunc(slices.Clone(untouched.Hints), func(o ProseFact) bool { return o.Sentence != h.Sentence }); len(per) > 3 {
				t.Errorf("%s: %d hints of one sentence", lang, len(per))
			}
			if i > 2 {
				continue
			}
			given.Answers = Answers{Confirmed: []string{h.Key}}
			yes := draft(t, a, given)
			if !has(yes.Full, h.Key) || !slices.Contains(askedOf(yes.Prose), h.Key) || slices.Contains(askedOf(yes.Hints), h.Key) {
				t.Errorf("%s: %s isn't a fact after a yes", lang, h.Key)
			}
			if len(yes.Hints) != len(untouched.Hints)-1 {
				t.Errorf("%s: a yes to %s makes of %d hints %d", lang, h.Key, len(untouched.Hints), len(yes.Hints))
			}
			given.Answers = Answers{Rejected: []string{h.Key}}
			no := draft(t, a, given)
			if has(no.Full, h.Key) || slices.Contains(askedOf(no.Hints), h.Key) || slices.Contains(askedOf(no.Prose), h.Key) {
				t.Errorf("%s: %s is asked again after a no", lang, h.Key)
			}
		}
	}
}
