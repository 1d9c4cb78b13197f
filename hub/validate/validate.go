// Package validate is the second stage: what is wrong with a report, as a list of
// problems that tell its reporter what to change.
//
// A document is read strictly (hub/stix), then each object is checked by the JSON
// Schema of its type, then by the rules that no schema can express, one in each
// file rule_*.go. Objects are always checked one by one: a schema of a whole
// bundle would be slow and would tell nobody which object is wrong.
//
// It trusts the schemas that it is given and nothing of the document. Problems
// never stop a case; only what can't be read at all, or is no bundle, is an error.
// Custom types are named x-… and custom properties x_…, or an extension says that
// it adds them; anything else unknown is a problem.
//
//	v, err := validate.New(schemas.FS)
//	problems, err := v.Document(data)
//	for _, p := range problems {
//		fmt.Println(p.Path, p.Rule) // /objects/3/valid_until time-order-strict
//	}
package validate

import (
	"isac/hub"
	"isac/hub/intake"
	"isac/hub/stix"
)

// Document checks a bundle or a single object. The problems are ordered by path
// (list places by number); none means that the document is valid. The error is
// the *hub.Error of a reader that couldn't read, or "validate.not-an-object" for
// JSON whose top is no object.
func (v *Validator) Document(data []byte) ([]hub.Problem, error) {
	tree, err := stix.Decode(data, stix.DefaultLimits())
	if err != nil {
		return nil, err
	}
	top, ok := stix.AsObject(tree)
	if !ok {
		return nil, hub.E(hub.Invalid, "validate.not-an-object")
	}
	if top.Type() != "bundle" {
		tame(top)
		d := document{v: v}
		d.add(top, "")
		return d.check(), nil
	}
	b, err := stix.BundleOf(tree, stix.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return v.bundle(b, top), nil
}

// Check makes a received report a checked one. The error is the reader's, or
// "stix.not-a-bundle" for a document that is no bundle.
func (v *Validator) Check(r intake.Received) (Checked, error) {
	if !r.Valid() {
		return Checked{}, hub.E(hub.Invalid, "validate.not-received")
	}
	tree, err := stix.Decode(r.Report(), stix.DefaultLimits())
	if err != nil {
		return Checked{}, err
	}
	b, err := stix.BundleOf(tree, stix.DefaultLimits())
	if err != nil {
		return Checked{}, err
	}
	top, _ := stix.AsObject(tree)
	return Checked{received: r, bundle: b, problems: v.bundle(b, top)}, nil
}

// Checked is a received report that could be read, with its problems. Only
// Validator.Check makes one.
type Checked struct {
	received intake.Received
	bundle   stix.Bundle
	problems []hub.Problem
}

// Valid reports whether c was made by Check; it says nothing about problems.
func (c Checked) Valid() bool { return c.received.Valid() }

// Received is the report as it arrived.
func (c Checked) Received() intake.Received { return c.received }

// Bundle is the report as it was read. The caller must not change it.
func (c Checked) Bundle() stix.Bundle { return c.bundle }

// Problems are what is wrong with the report, ordered by path.
func (c Checked) Problems() []hub.Problem { return c.problems }

// String hides the report, so that one in a log line says nothing.
func (c Checked) String() string { return "checked report" }

// GoString hides the report in %#v too.
func (c Checked) GoString() string { return "checked report" }
