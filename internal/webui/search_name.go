package webui

import (
	"isac/hub"
	"isac/hub/find"
)

// only tells a name to people.
func (v *visit) only(n find.Name) only {
	label := v.ui.label(v.lang, hub.Class(n.Class), n.Value)
	return only{n.String(), v.t("web.class." + n.Class), label}
}
