package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/member"
)

// maxRecord bounds a record: of a report of the largest size.
const maxRecord = 64 << 20

// caseRecord fetches the record of a case and keeps it in a file. What it holds opens
// the commitment in the alert, so it is asked for first.
func caseRecord(ctx context.Context, e *console.Env) error {
	out := e.Flags.String("out", "", "")
	stage := e.Flags.String("stage", "", "")
	alert := e.Flags.String("alert", "", "")
	key := keyFlag(e)
	yes := e.Flags.Bool("yes", false, "")
	api, args, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	if *out == "" {
		return console.Usage("isac.record.needs-out")
	}
	commitment, err := wantedRecord(ctx, e, api, args[0], hub.Stage(*stage), *alert)
	if err != nil {
		return err
	}
	ok := *yes
	if !ok {
		ok, err = e.Confirm("isac.record.ask")
		if err != nil {
			return err
		}
	}
	if !ok {
		e.Say("isac.decide.nothing")
		return nil
	}
	raw, _, err := fetchRecord(ctx, api, args[0], commitment, *key)
	if err != nil {
		return err
	}
	err = newSecret(*out, raw)
	if err != nil {
		return err
	}
	warning := e.Text("isac.record.warning")
	return e.Print(map[string]any{"file": *out, "commitment": commitment, "warning": warning}, func() {
		e.Say("isac.record.kept", *out, commitment.String())
		fmt.Fprintln(e.Err, warning)
	})
}

// wantedRecord tells the commitment of the record: that of an alert's file, or of the
// drafts as the case has them now.
func wantedRecord(ctx context.Context, e *console.Env, api member.API, id string, stage hub.Stage, alert string) (hub.Digest, error) {
	if alert != "" {
		bundle, err := e.ReadFile(alert, maxBundle)
		if err != nil {
			return hub.Digest{}, err
		}
		proof, err := deliver.ProofOf(bundle)
		if err == nil && proof.Record.IsZero() {
			err = hub.E(hub.Invalid, "isac.verify.no-proof")
		}
		return proof.Record, err
	}
	var c caseView
	_, err := fetch(ctx, api, "/cases/"+id, &c)
	if err != nil {
		return hub.Digest{}, err
	}
	var wanted hub.Digest
	for _, s := range c.Stages {
		var d anonymize.Body
		if stage != "" && stage != s.Stage || json.Unmarshal(s.Draft, &d) != nil {
			continue
		}
		if !wanted.IsZero() && wanted != d.Record {
			return hub.Digest{}, console.Usage("isac.record.needs-stage")
		}
		wanted = d.Record
	}
	if wanted.IsZero() {
		return hub.Digest{}, hub.E(hub.NotFound, "review.no-record")
	}
	return wanted, nil
}

// fetchRecord asks for the record behind a commitment, on the word of the person's
// own key, and takes no other.
func fetchRecord(ctx context.Context, api member.API, id string, commitment hub.Digest, keyFile string) ([]byte, anonymize.Record, error) {
	key, err := member.ReadPersonKey(keyFile)
	if err != nil {
		return nil, anonymize.Record{}, err
	}
	body := map[string]any{
		"digest": commitment, "signature": ed25519.Sign(key, review.SigningBytes(review.ToReadRecord, commitment)),
	}
	var raw json.RawMessage
	err = api.Post(ctx, "/cases/"+id+"/record", body, &raw)
	if err != nil {
		return nil, anonymize.Record{}, err
	}
	record, err := anonymize.ReadRecord(raw)
	if err != nil {
		return nil, anonymize.Record{}, err
	}
	if record.Commitment() != commitment {
		return nil, anonymize.Record{}, hub.E(hub.Unavailable, "member.no-answer")
	}
	return raw, record, nil
}

// newSecret writes a file that nobody else may read and that isn't there yet.
func newSecret(file string, data []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.record.not-written", Args: []string{file}, Err: fmt.Errorf("writing record: %w", err)}
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
