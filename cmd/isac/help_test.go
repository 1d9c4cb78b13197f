package main

import (
	"regexp"
	"strings"
	"testing"

	"isac/internal/locale"
)

// A key that has no text is printed as itself.
var bare = regexp.MustCompile(`(?m)^\s*isac\.[a-z.-]+|  --\S+\s+isac\.flag\.`)

func TestEveryCommandIsExplainedInBothLanguages(t *testing.T) {
	for _, lang := range locale.Languages {
		overview := locale.Text(lang, "isac.help")
		for _, c := range program.Commands {
			help := program.Help(c, lang)
			if missing := bare.FindString(help); missing != "" {
				t.Errorf("%s, %s: no text for %s", c.Name, lang, strings.TrimSpace(missing))
			}
			if !strings.HasPrefix(help, "isac "+c.Name) {
				t.Errorf("%s, %s: help begins %.40q", c.Name, lang, help)
			}
			for _, want := range []string{"isac " + c.Name + " ", map[string]string{"ja": "終了コード: 0", "en": "Exit codes: 0"}[lang]} {
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
