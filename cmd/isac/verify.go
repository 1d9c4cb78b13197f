package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/succession"
	"isac/internal/console"
	"isac/internal/member"
)

// maxBundle bounds the bundle of one alert.
const maxBundle = 64 << 20

// verified is one alert whose signature is good, and what else was found out.
type verified struct {
	hub.Alert
	Proof  deliver.Proof `json:"proof"`
	Known  string        `json:"policy_known"`        // "yes", "no", or "" where the alert names no policy
	Chain  string        `json:"chain"`               // "first", "follows" (the one before is here too), "unchecked"
	Record string        `json:"is_record,omitempty"` // "yes" or "no": the record is of the report
}

// verify checks stored alerts offline: the signature over the exact bytes, what
// stands inside them, their places in the chain, and the policy they were made under.
// With a report it tells whether an alert was made of it.
func verify(ctx context.Context, e *console.Env) error {
	creds := e.Flags.String("creds", envOr("ISAC_CREDS", ""), "")
	hubKey := e.Flags.String("hub-key", "", "")
	sig := e.Flags.String("sig", "", "")
	of := compareFlags(e)
	args, err := e.Parse(1, -1)
	if err != nil {
		return err
	}
	err = of.check(len(args))
	if err != nil {
		return err
	}
	if len(args) > 1 && *sig != "" {
		return console.Usage("isac.verify.one-file")
	}
	line, err := alertKeys(*creds, *hubKey)
	if err != nil {
		return err
	}
	var list []verified
	for _, file := range args {
		v, _, err := verifyFile(e, line, file, *sig)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	err = chained(list)
	if err != nil {
		return err
	}
	if of.wanted() {
		return of.tell(ctx, e, list[0])
	}
	for _, v := range list {
		err = e.Print(v, func() { showVerified(e, v) })
		if err != nil {
			return err
		}
	}
	return nil
}

// verifyFile checks one file by itself, and returns its bytes too.
func verifyFile(e *console.Env, line succession.Line, file, sig string) (verified, []byte, error) {
	bundle, err := e.ReadFile(file, maxBundle)
	if err != nil {
		return verified{}, nil, err
	}
	signature, err := readSignature(e, file, sig)
	if err != nil {
		return verified{}, nil, err
	}
	if !line.Ever(bundle, signature) { // nothing is read of what isn't signed
		return verified{}, nil, hub.E(hub.Invalid, "isac.verify.bad-signature")
	}
	v := verified{Chain: "unchecked"}
	v.Alert, err = deliver.Inside(bundle)
	if err == nil {
		err = deliver.Signed(line, v.Number, bundle, signature)
	}
	if err != nil {
		return verified{}, nil, err
	}
	v.Proof, err = deliver.ProofOf(bundle)
	if err != nil {
		return verified{}, nil, err
	}
	v.Known, err = known(v.Proof)
	return v, bundle, err
}

// known compares the policy that an alert names with those that this program knows.
// One version with two digests is a policy that nobody published.
func known(p deliver.Proof) (string, error) {
	if p == (deliver.Proof{}) {
		return "", nil
	}
	digest, ok := anonymize.KnownPolicy(p.PolicyVersion)
	switch {
	case !ok:
		return "no", nil
	case digest != p.Policy:
		return "", hub.E(hub.Invalid, "isac.verify.other-policy", p.PolicyVersion)
	}
	return "yes", nil
}

// chained sorts alerts by number and wants each to follow from the one before, where
// that is there.
func chained(list []verified) error {
	slices.SortStableFunc(list, func(a, b verified) int { return cmp.Compare(a.Number, b.Number) })
	var c deliver.Chain
	for i := range list {
		v := &list[i]
		next, err := c.Next(deliver.Entry{Alert: v.Alert})
		if _, gap := errors.AsType[*deliver.Gap](err); gap {
			c = deliver.Chain{Last: v.Number, Digest: v.Digest}
			continue
		}
		if err != nil {
			return &hub.Error{Kind: hub.Invalid, Text: "isac.verify.fork", Args: []string{decimal(v.Number)}, Err: err}
		}
		switch {
		case v.Number == 1:
			v.Chain = "first"
		case v.Number == c.Last: // the same file twice
			v.Chain = list[i-1].Chain
		default:
			v.Chain = "follows"
		}
		c = next
	}
	return nil
}

func showVerified(e *console.Env, v verified) {
	e.Say("isac.verify.good")
	fmt.Fprintln(e.Out, headOf(e, v.Alert))
	e.Say("isac.verify.inside", v.ID, decimal(uint64(v.Version)), e.Text("isac.stage."+string(v.Stage)), v.Digest.String())
	if v.Number > 1 {
		e.Say("isac.verify.previous", decimal(v.Number-1), v.Previous.String())
		e.Say("isac.verify.chain-" + v.Chain)
	}
	switch v.Known {
	case "yes":
		e.Say("isac.verify.policy", v.Proof.PolicyVersion, v.Proof.Policy.String())
	case "no":
		e.Say("isac.verify.policy-new", v.Proof.PolicyVersion, v.Proof.Policy.String())
	}
	if v.Known != "" {
		e.Say("isac.verify.record", v.Proof.Record.String())
	}
	if v.Kind == hub.Withdrawn {
		e.Say("isac.verify.withdrawn")
	}
}

// alertKeys takes the hub's public key from the command line or a credentials file, and
// what is kept of those that followed.
func alertKeys(creds, text string) (succession.Line, error) {
	switch {
	case text != "":
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return succession.Line{}, console.Usage("isac.verify.bad-key")
		}
		keys, err := member.OpenKeys(envOr("ISAC_STATE", stateFolder()), key)
		if err != nil {
			return succession.Line{}, err
		}
		return keys.Line(), nil
	case creds != "":
		c, err := readCredentials(creds)
		if err != nil {
			return succession.Line{}, err
		}
		return c.Keys.Line(), nil
	}
	return succession.Line{}, console.Usage("isac.verify.needs-key")
}

// readSignature reads 64 bytes, plain or in base64, from the file given or from
// beside the bundle: alert.json.sig or alert.sig.
func readSignature(e *console.Env, bundle, file string) ([]byte, error) {
	names := []string{file}
	if file == "" {
		names = []string{bundle + ".sig", strings.TrimSuffix(bundle, ".json") + ".sig"}
	}
	for _, name := range names {
		_, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		data, err := e.ReadFile(name, 4096)
		if err != nil {
			return nil, err
		}
		if len(data) == ed25519.SignatureSize {
			return data, nil
		}
		signature, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(data)))
		if err != nil {
			return nil, hub.E(hub.Invalid, "deliver.bad-signature")
		}
		return signature, nil
	}
	return nil, hub.E(hub.Invalid, "isac.verify.no-signature")
}
