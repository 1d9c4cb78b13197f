package release

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// CheckProfile returns what a bundle lacks of the alert profile beyond the schemas
// of schemas/alert: references that all resolve, texts that say the same, order of
// times, ids for ever, markings byte for byte, limits, one canonical form. Rules are
// named "alert.…"; the path is a JSON pointer. Nil is good.
func CheckProfile(bundle []byte) []hub.Problem {
	c := &profileCheck{byID: map[string]stix.Object{}}
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 2 * maxObjects})
	if err != nil {
		c.problem("", "alert.unreadable")
		return c.found
	}
	c.form(bundle, b)
	c.whole(b)
	for i, o := range b.Objects {
		at := "/objects/" + strconv.Itoa(i)
		c.object(at, o)
		c.walk(at, map[string]any(o), nil)
	}
	if c.report == nil || c.identity == nil || c.campaign == nil || c.language == nil {
		c.problem("/objects", "alert.incomplete")
		return c.found
	}
	c.belonging(b)
	c.text()
	c.outside(bundle)
	return c.found
}

// profileCheck is one bundle on its way through the rules.
type profileCheck struct {
	byID                                 map[string]stix.Object
	report, identity, campaign, language stix.Object
	found                                []hub.Problem
}

func (c *profileCheck) problem(at, rule string) {
	c.found = append(c.found, hub.Problem{Path: at, Rule: rule})
}

// need notes a problem unless ok.
func (c *profileCheck) need(ok bool, at, rule string) {
	if !ok {
		c.problem(at, rule)
	}
}

// form wants the canonical bytes and nothing in them that isn't an object.
func (c *profileCheck) form(bundle []byte, b stix.Bundle) {
	again, err := stix.Marshal(stix.Object{"type": "bundle", "id": b.ID, "objects": b.Objects})
	c.need(err == nil && bytes.Equal(again, bundle), "", "alert.canonical")
}

// whole gathers the objects: each id once, one of what there must be one of, and
// not more than a reader's tool takes.
func (c *profileCheck) whole(b stix.Bundle) {
	one := map[string]*stix.Object{"report": &c.report, "identity": &c.identity, "campaign": &c.campaign, "language-content": &c.language}
	others := 0
	for i, o := range b.Objects {
		at := "/objects/" + strconv.Itoa(i)
		c.need(c.byID[o.ID()] == nil, at, "alert.twice")
		c.byID[o.ID()] = o
		if place := one[o.Type()]; place != nil {
			c.need(*place == nil, at, "alert.twice")
			*place = o
		}
		if !indicates(o) {
			others++
		}
	}
	c.need(others <= maxOthers && len(b.Objects) <= maxObjects, "/objects", "alert.too-many")
}

// object checks creator, times, ids and markings of one object.
func (c *profileCheck) object(at string, o stix.Object) {
	if o.Type() == "marking-definition" {
		c.marking(at, o)
		return
	}
	c.need(c.identity != nil && o.Str("created_by_ref") == c.identity.ID(), at+"/created_by_ref", "alert.creator")
	created, okC := o.Time("created")
	modified, okM := o.Time("modified")
	c.need(okC && okM && !modified.Before(created), at+"/modified", "alert.times")
	if c.report != nil {
		published, ok := c.report.Time("published")
		c.need(ok && !modified.After(published), at+"/modified", "alert.times")
	}
	c.need(o.Type() == "report" || o.Type() == "campaign" || !o.Has("labels"), at+"/labels", "alert.labels")
	switch o.Type() {
	case "attack-pattern", "vulnerability", "malware", "intrusion-set", "tool", "indicator":
		c.need(o.ID() == stix.NameID(o.Type(), lastingKey(o)), at+"/id", "alert.lasting-id")
	case "relationship":
		c.relationship(at, o)
	}
	if o.Type() == "indicator" {
		c.indicator(at, o)
	}
}

// lastingKey is what the id of a lasting object is made of.
func lastingKey(o stix.Object) string {
	switch o.Type() {
	case "attack-pattern":
		for _, ref := range o.Objs("external_references") {
			return ref.Str("external_id")
		}
	case "indicator":
		return o.Str("pattern")
	case "vulnerability":
		return o.Str("name")
	}
	return strings.ToLower(o.Str("name"))
}

func (c *profileCheck) marking(at string, o stix.Object) {
	t, ok := stix.TLPOf(o.ID())
	c.need(ok && canonical(o, "") == canonical(stix.TLPMarking(t), ""), at, "alert.marking")
}

// belonging wants the report to hold every other object, and every indicator to
// belong to the campaign.
func (c *profileCheck) belonging(b stix.Bundle) {
	var others, tied []string
	for _, o := range b.Objects {
		if o.Type() != "report" {
			others = append(others, o.ID())
		}
		if o.Str("relationship_type") == "indicates" && o.Str("target_ref") == c.campaign.ID() {
			tied = append(tied, o.Str("source_ref"))
		}
	}
	refs := slices.Sorted(slices.Values(c.report.Strs("object_refs")))
	slices.Sort(others)
	c.need(slices.Equal(refs, others), "/objects", "alert.object-refs")
	for i, o := range b.Objects {
		c.need(o.Type() != "indicator" || slices.Contains(tied, o.ID()), "/objects/"+strconv.Itoa(i), "alert.indicates")
	}
}

// text wants the description to be the whole Japanese text and then the whole
// English one, which stands in the language content as well.
func (c *profileCheck) text() {
	english := c.language.Obj("contents").Obj("en")
	ja, ok := strings.CutSuffix(c.report.Str("description"), "\n\n"+english.Str("description"))
	c.need(ok && ja != "" && english.Str("description") != "", "/objects", "alert.description")
	c.need(strings.HasPrefix(ja, c.report.Str("name")), "/objects", "alert.description")
	c.need(strings.HasPrefix(english.Str("description"), english.Str("name")) && english.Str("name") != "", "/objects", "alert.description")
	same := c.language.Str("object_ref") == c.report.ID() && c.language.Str("object_modified") == c.report.Str("modified")
	c.need(same && c.report.Str("modified") == c.report.Str("published"), "/objects", "alert.language")
}

// outside wants the metadata of the entry to be inside, in closed words.
func (c *profileCheck) outside(bundle []byte) {
	a, err := deliver.Inside(bundle)
	if err != nil {
		c.problem("/objects", "alert.metadata")
		return
	}
	labels := deliver.Labels(a)
	if isExercise(c.report) {
		labels = append(labels, deliver.ExerciseLabel)
	}
	c.need(slices.Equal(c.report.Strs("labels"), labels), "/objects", "alert.labels")
	c.exercised()
	marking := stix.TLPMarking(a.TLP)
	c.need(slices.Equal(c.report.Strs("object_marking_refs"), []string{marking.ID()}), "/objects", "alert.marking")
	related := deliver.RelatedOf(c.report)
	c.need(len(related) == 0 || len(related) > 1 && a.Stage == hub.Full && !slices.Contains(related, a.ID), "/objects", "alert.related")
	proof, err := deliver.ProofOf(bundle)
	back := a.Kind.Back()
	c.need(c.report.Bool("revoked") == back && c.campaign.Bool("revoked") == back, "/objects", "alert.revoked")
	c.need(err == nil && back == (proof == deliver.Proof{}), "/objects", "alert.proof")
}
