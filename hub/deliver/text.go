package deliver

import (
	"fmt"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// TextOf returns what a released bundle tells in words, in both languages; each begins
// with the title. The bundle is the hub's own, and was verified.
func TextOf(bundle []byte) (hub.Text, error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return hub.Text{}, fmt.Errorf("reading the text of an alert: %w", err)
	}
	return TextIn(b), nil
}

// TextIn is TextOf for a bundle that is parsed already.
func TextIn(b stix.Bundle) hub.Text {
	var ja, en string
	for _, o := range b.Objects {
		switch o.Type() {
		case "report":
			ja = o.Str("description")
		case "language-content":
			en = o.Obj("contents").Obj("en").Str("description")
		}
	}
	ja = strings.TrimSpace(strings.TrimSuffix(ja, en)) // the English text follows the Japanese one
	if en == "" {
		en = ja
	}
	return hub.Text{JA: ja, EN: strings.TrimSpace(en)}
}
