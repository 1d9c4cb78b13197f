package main

import (
	"bytes"
	"context"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/stix"
	"isac/internal/console"
)

// exitOther says that the record isn't that of the report.
const exitOther = console.ExitError(10)

// compare is how a reporter asks whether an alert was made of a report: by the record,
// fetched for this one answer or kept in a file.
type compare struct {
	report, record, id, policy *string
	key                        *string
	access                     *access
}

func compareFlags(e *console.Env) *compare {
	return &compare{
		report: e.Flags.String("report", "", ""), record: e.Flags.String("record", "", ""),
		id: e.Flags.String("case", "", ""), policy: e.Flags.String("policy", "", ""),
		key: keyFlag(e), access: accessFlags(e),
	}
}

func (c *compare) wanted() bool { return *c.report != "" }

// check wants a report with one of the two ways to its record.
func (c *compare) check(files int) error {
	one := (*c.record == "") != (*c.id == "")
	switch {
	case c.wanted() != (*c.record != "" || *c.id != ""), c.wanted() && !one:
		return console.Usage("isac.verify.needs-record")
	case c.wanted() && files > 1:
		return console.Usage("isac.verify.one-file")
	}
	return nil
}

// tell answers yes or no, and nothing of how it came to it.
func (c *compare) tell(ctx context.Context, e *console.Env, v verified) error {
	if v.Proof.Record.IsZero() {
		return hub.E(hub.Invalid, "isac.verify.no-proof")
	}
	policy, err := c.policyOf(e, v)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(*c.report, int64(stix.DefaultLimits().Bytes))
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return err
	}
	record, err := c.take(ctx, e, v.Proof.Record)
	if err != nil {
		return err
	}
	same := record.Commitment() == v.Proof.Record && record.Policy == v.Proof.Policy && record.Verify(policy, bundle)
	v.Record = map[bool]string{true: "yes", false: "no"}[same]
	err = e.Print(v, func() { e.Say("isac.verify.is-record-" + v.Record) })
	if err == nil && !same {
		return exitOther
	}
	return err
}

// policyOf returns the policy that the alert was made under: the built-in one, or
// another version's table from a file.
func (c *compare) policyOf(e *console.Env, v verified) (*anonymize.Policy, error) {
	p := anonymize.DefaultPolicy()
	if *c.policy != "" {
		data, err := e.ReadFile(*c.policy, 16<<20)
		if err != nil {
			return nil, err
		}
		p, err = anonymize.ReadPolicy(bytes.NewReader(data))
		if err != nil {
			return nil, &hub.Error{Kind: hub.Invalid, Text: "isac.verify.bad-policy", Err: err}
		}
	}
	if p.Digest != v.Proof.Policy {
		return nil, hub.E(hub.Invalid, "isac.verify.needs-policy", v.Proof.PolicyVersion, v.Proof.Policy.String())
	}
	return p, nil
}

// take reads the record from its file, or fetches it and keeps nothing.
func (c *compare) take(ctx context.Context, e *console.Env, commitment hub.Digest) (anonymize.Record, error) {
	if *c.record != "" {
		data, err := e.ReadFile(*c.record, maxRecord)
		if err != nil {
			return anonymize.Record{}, err
		}
		return anonymize.ReadRecord(data)
	}
	api, err := c.access.api(e)
	if err != nil {
		return anonymize.Record{}, err
	}
	_, record, err := fetchRecord(ctx, api, *c.id, commitment, *c.key)
	return record, err
}
