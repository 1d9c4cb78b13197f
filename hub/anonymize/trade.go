package anonymize

import (
	_ "embed"
	"slices"
	"strings"

	"isac/hub/profile"
)

//go:embed data/legal-forms.txt
var legalFormsTXT string

// legalForms stand before or behind the name of an organisation.
var legalForms = lines(legalFormsTXT)

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// A trade is the words by which prose names people, organisations and sizes: those of
// any office, and those of the sector.
type trade struct {
	titles []string   // behind the name of a person
	marks  []string   // at the end of the name of an organisation or a place
	units  [][]string // of counts, each by all its words
}

func newTrade(p *profile.Profile) trade {
	return trade{
		titles: slices.Concat(p.Titles, []string{"様", "氏", "さん", "先生", "部長", "課長", "係長", "室長", "主任", "殿", "君"}),
		marks: slices.Concat(p.Marks, []string{
			"センター", "大学", "学園", "株式会社", "有限会社", "法人", "機構", "組合", "協会", "連合会", "工業", "商事", "電機", "製作所",
			"市", "町", "村", "県", "府", "区", "郡", "都", "道", "システムズ", "警察署", "保健所", "銀行",
		}),
		units: slices.Concat(p.Units, [][]string{
			{"名", "人", "people", "staff", "employees", "users"},
			{"件", "records"},
			{"台", "servers", "computers", "terminals"},
			{"files"},
			{"customers"},
			{"万"},
			{"億"},
			{"円"},
			{"施設"},
			{"か所", "箇所"},
			{"日間"},
			{"時間"},
			{"拠点"},
			{"TB"},
			{"GB"},
			{"MB"},
		}),
	}
}
