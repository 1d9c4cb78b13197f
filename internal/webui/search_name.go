package webui

import (
	"strings"

	"isac/hub"
	"isac/hub/find"
)

// only tells a name to people.
func (v *visit) only(n find.Name) only {
	label := n.Value
	switch n.Class {
	case "severity":
		label = v.t("web.severity." + n.Value)
	case "stage":
		label = v.t("web.stage." + n.Value)
	case "tlp":
		label = "TLP:" + tlp(hub.TLP(n.Value))
	case "type":
		label = v.kind(n.Value)
	case "month":
	case string(hub.Technique):
		label = n.Value + " " + v.ui.label(v.lang, hub.Technique, n.Value)
	default:
		label = v.ui.label(v.lang, hub.Class(n.Class), n.Value)
	}
	return only{n.String(), v.class(n.Class), label}
}

// class tells what kind of thing a name is. A class that no text knows, as a form may
// send it, is told as it is.
func (v *visit) class(class string) string {
	switch class {
	case "severity", "stage", "tlp", "month", "type":
		return v.t("search.class." + class)
	}
	return v.t("web.class." + class)
}

func tlp(t hub.TLP) string { return strings.ToUpper(strings.Replace(string(t), "-", "+", 1)) }
