package release

import (
	"strings"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// What an exercise releases says so where people and machines look first: before the
// title, in the labels of the report, and in the name of the campaign. Its key and
// identity are others than those of a hub that is real besides.
var exerciseMark = hub.Text{JA: "【訓練 EXERCISE】", EN: "[EXERCISE 訓練] "}

// marked puts the mark before a title, or a text that begins with one.
func (m *maker) marked(t hub.Text) hub.Text {
	if !m.p.Hub.Exercise {
		return t
	}
	return hub.Text{JA: exerciseMark.JA + t.JA, EN: exerciseMark.EN + t.EN}
}

// labels are those of the report.
func (m *maker) labels() []string {
	out := deliver.Labels(m.alert)
	if m.p.Hub.Exercise {
		out = append(out, deliver.ExerciseLabel)
	}
	return out
}

// exercised wants an exercise to say so in all three places or in none.
func (c *profileCheck) exercised() {
	titled := strings.HasPrefix(c.report.Str("name"), exerciseMark.JA) && strings.HasPrefix(c.language.Obj("contents").Obj("en").Str("name"), exerciseMark.EN)
	named := strings.HasPrefix(c.campaign.Str("name"), campaignName(true))
	c.need(titled == isExercise(c.report) && named == titled, "/objects", "alert.labels")
}

func isExercise(report stix.Object) bool {
	labels := report.Strs("labels")
	return len(labels) > 0 && labels[len(labels)-1] == deliver.ExerciseLabel
}

// campaignName is that of a campaign, before its number.
func campaignName(exercise bool) string {
	if exercise {
		return "ISAC exercise "
	}
	return "ISAC alert "
}
