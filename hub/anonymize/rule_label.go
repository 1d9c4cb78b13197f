package anonymize

import (
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// labelled are the classes whose facts a reporter may choose from a list, as the hub's
// own form does: "route:vpn-appliance:likely", "weakness:no-mfa".
var labelled = []hub.Class{hub.Route, hub.Weakness, hub.Impact, hub.Product}

// labels claims what an incident's labels choose from the closed vocabularies. Every
// other label is a word of the sender's own.
func labels(u *unit, i int, o stix.Object) {
	for n, label := range o.Strs("labels") {
		class, rest, _ := strings.Cut(label, ":")
		id, confidence, weak := strings.Cut(rest, ":")
		f := hub.Fact{Class: hub.Class(class), Value: id, Confidence: hub.Confidence(confidence)}
		if !weak {
			f.Confidence = hub.Confirmed
		}
		_, known := u.cfg.Vocab.Label(f.Class, id)
		if known && slices.Contains(labelled, f.Class) && f.Confidence.Score() > 0 {
			u.claim(i, "labels["+strconv.Itoa(n)+"]", f)
		}
	}
}
