package form

// Text is an answer in words.
type Text struct {
	Name  string // of the field on pages and in labels.toml
	Value *string

	headings map[string]string // under which it stands in the report, by language; nil: elsewhere
}

// Texts are the answers in words, in the order in which they stand in the report.
func (a *Answers) Texts() []Text {
	under := func(ja, en string) map[string]string { return map[string]string{"ja": ja, "en": en} }
	return []Text{
		{"seen", &a.Seen, under("確認された事象", "What is seen")},
		{"stopped", &a.Stopped, under("停止したもの", "What stopped")},
		{"since", &a.Since, under("始まり", "Since")},
		{"entry", &a.Entry, under("侵入経路", "How they may have got in")},
		{"done", &a.Done, under("対応", "What was done")},
		{"note", &a.Note, under("脅迫文", "Ransom note")},
		{"extension", &a.Extension, under("拡張子", "Extension")},
		{"timeline", &a.Timeline, under("経過", "Course of events")},
		{"data", &a.Breach.Data, under("データの項目", "Items of data")},
		{"persons", &a.Breach.Persons, under("本人の数", "Number of people")},
		{"secondary", &a.Breach.Secondary, under("二次被害", "Further harm")},
		{"told", &a.Breach.Told, under("本人への対応", "What was done for these people")},
		{"published", &a.Breach.Published, under("公表", "Publication")},
		{"prevention", &a.Breach.Prevention, under("再発防止", "So that it doesn't happen again")},
		{"other", &a.Breach.Other, under("その他", "Other")},
		{"cves", &a.CVEs, nil},
		{"indicators", &a.Indicators, nil},
		{"contact", &a.Contact, nil},
	}
}
