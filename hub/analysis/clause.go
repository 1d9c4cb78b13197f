package analysis

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// verb is the verb of an English clause: "[dumped]", or with its participle where
// that differs, "[stole|stolen]".
var verb = regexp.MustCompile(`\[([^\]|]+)(?:\|([^\]]+))?\]`)

// english writes a clause with its confidence inside it:
//
//	"the attackers [stole|stolen] data", likely   → "the attackers likely stole data"
//	"data [was copied] to a cloud", possible      → "data may have been copied to a cloud"
//
// The other confidences leave the clause as it is; what stands around it says more.
func english(text string, c hub.Confidence) string {
	return verb.ReplaceAllStringFunc(text, func(found string) string {
		m := verb.FindStringSubmatch(found)
		past, participle := m[1], m[2]
		first, rest, _ := strings.Cut(past, " ")
		passive := first == "was" || first == "were"
		switch {
		case c == hub.Likely && passive:
			return first + " likely " + rest
		case c == hub.Likely:
			return "likely " + past
		case c == hub.Possible && passive:
			rest, denied := strings.CutPrefix(rest, "not ")
			if denied {
				return "may not have been " + rest
			}
			return "may have been " + rest
		case c == hub.Possible && participle != "":
			return "may have " + participle
		case c == hub.Possible:
			return "may have " + past
		}
		return past
	})
}

// sentence makes a whole, polite sentence of a clause.
func sentence(t hub.Text, c hub.Confidence) hub.Text {
	ja, en := t.JA, english(t.EN, c)
	switch c {
	case hub.Confirmed:
		return hub.Text{JA: ja + "ことが確認されています。", EN: upper(en) + " (confirmed)."}
	case hub.Likely:
		return hub.Text{JA: ja + "可能性が高いと考えられます。", EN: upper(en) + "."}
	case hub.Possible:
		return hub.Text{JA: ja + "可能性があります。", EN: upper(en) + "."}
	}
	return hub.Text{JA: ja + "かどうかは調査中です。", EN: "Whether " + en + " is under investigation."}
}

// item makes an entry of a list of a clause, with ids or other notes behind it.
func item(t hub.Text, c hub.Confidence, notes ...string) hub.Text {
	ja, en := t.JA, english(t.EN, c)
	enNotes := append([]string(nil), notes...)
	jaNotes := append([]string(nil), notes...)
	switch c {
	case hub.Confirmed:
		jaNotes, enNotes = append([]string{"確認済み"}, jaNotes...), append([]string{"confirmed"}, enNotes...)
	case hub.Likely:
		ja += "可能性が高い"
	case hub.Possible:
		ja += "可能性がある"
	default:
		ja, en = ja+"かどうかは調査中", "whether "+en+" is under investigation"
	}
	return hub.Text{JA: ja + note(jaNotes, "（", "、", "）"), EN: upper(en) + note(enNotes, " (", ", ", ")")}
}

// named writes a name with its confidence behind it.
func named(name hub.Text, c hub.Confidence) hub.Text {
	w := words[c]
	return hub.Text{JA: name.JA + "（" + w.JA + "）", EN: name.EN + " (" + w.EN + ")"}
}

// words are the confidences where they stand behind a name.
var words = map[hub.Confidence]hub.Text{
	hub.Confirmed: {JA: "確認済み", EN: "confirmed"},
	hub.Likely:    {JA: "可能性が高い", EN: "likely"},
	hub.Possible:  {JA: "可能性がある", EN: "possible"},
	hub.Unknown:   {JA: "調査中", EN: "under investigation"},
}

// same makes texts of ids, which are the same in both languages.
func same(ids []string) []hub.Text {
	var all []hub.Text
	for _, id := range ids {
		all = append(all, hub.Text{JA: id, EN: id})
	}
	return all
}

func note(notes []string, open, between, end string) string {
	if len(notes) == 0 {
		return ""
	}
	return open + strings.Join(notes, between) + end
}

// cite puts notes in one pair of brackets behind a sentence, before its full stop.
// Brackets that stand there already are taken up.
func cite(t hub.Text, notes ...hub.Text) hub.Text {
	if len(notes) == 0 {
		return t
	}
	ja, jaDot := strings.CutSuffix(t.JA, "。")
	en, enDot := strings.CutSuffix(t.EN, ".")
	var jaNotes, enNotes []string
	for _, n := range notes {
		jaNotes, enNotes = append(jaNotes, n.JA), append(enNotes, n.EN)
	}
	if before, ok := strings.CutSuffix(en, " (confirmed)"); ok {
		en, enNotes = before, append([]string{"confirmed"}, enNotes...)
	}
	ja += note(jaNotes, "（", "、", "）")
	en += note(enNotes, " (", ", ", ")")
	if jaDot {
		ja += "。"
	}
	if enDot {
		en += "."
	}
	return hub.Text{JA: ja, EN: en}
}

// upper writes a sentence's first letter large.
func upper(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// fill puts values in for placeholders: fill(t, "{cves}", cves). Values come in
// pairs of placeholder and text.
func fill(t hub.Text, args ...any) hub.Text {
	for i := 0; i+1 < len(args); i += 2 {
		name, _ := args[i].(string)
		var value hub.Text
		switch v := args[i+1].(type) {
		case hub.Text:
			value = v
		case string:
			value = hub.Text{JA: v, EN: v}
		}
		t.JA = strings.ReplaceAll(t.JA, name, value.JA)
		t.EN = strings.ReplaceAll(t.EN, name, value.EN)
	}
	return t
}
