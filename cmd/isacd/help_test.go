package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/locale"
)

// A key that has no text is printed as itself.
var bare = regexp.MustCompile(`(?m)^\s*isacd\.[a-z.-]+|  --\S+\s+isacd\.flag\.`)

func TestEveryCommandIsExplainedInBothLanguages(t *testing.T) {
	for _, lang := range locale.Languages {
		overview := locale.Text(lang, "isacd.help")
		for _, c := range program.Commands {
			help := program.Help(c, lang)
			if missing := bare.FindString(help); missing != "" {
				t.Errorf("%s, %s: no text for %s", c.Name, lang, strings.TrimSpace(missing))
			}
			if !strings.HasPrefix(help, "isacd "+c.Name) {
				t.Errorf("%s, %s: help begins %.40q", c.Name, lang, help)
			}
			for _, want := range []string{"\n  isacd " + c.Name, map[string]string{"ja": "終了コード: 0", "en": "Exit codes: 0"}[lang]} {
				if !strings.Contains(help, want) {
					t.Errorf("%s, %s: help has no %q", c.Name, lang, want)
				}
			}
			if strings.Count(help, "\n  --") < 2 {
				t.Errorf("%s, %s: help lists no flags", c.Name, lang)
			}
			if last := c.Name[strings.LastIndexByte(c.Name, ' ')+1:]; !strings.Contains(overview, last) {
				t.Errorf("%s, %s: the overview doesn't name it", c.Name, lang)
			}
		}
	}
}

func TestTheImportsHelpNamesEveryColumn(t *testing.T) {
	list, err := register.New(synthetic.Register(1, 4))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locale.Languages {
		words := strings.Fields(locale.Text(lang, "isacd.member-import.help"))
		for _, column := range list.Header() {
			if !slices.Contains(words, column) {
				t.Errorf("%s: the help has no column %s", lang, column)
			}
		}
	}
}
