package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/console"
	"isac/internal/member"
)

// maxBundle bounds the bundle of one alert.
const maxBundle = 64 << 20

// verify checks a stored alert offline: the signature over its exact bytes, and
// what stands inside them.
func verify(_ context.Context, e *console.Env) error {
	creds := e.Flags.String("creds", envOr("ISAC_CREDS", ""), "")
	hubKey := e.Flags.String("hub-key", "", "")
	sig := e.Flags.String("sig", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	key, err := alertKey(*creds, *hubKey)
	if err != nil {
		return err
	}
	bundle, err := e.ReadFile(args[0], maxBundle)
	if err != nil {
		return err
	}
	signature, err := readSignature(e, args[0], *sig)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, bundle, signature) {
		return hub.E(hub.Invalid, "deliver.bad-signature")
	}
	a, err := deliver.Inside(bundle)
	if err != nil {
		return err
	}
	return e.Print(a, func() { showVerified(e, a) })
}

func showVerified(e *console.Env, a hub.Alert) {
	e.Say("isac.verify.good")
	fmt.Fprintln(e.Out, headOf(e, a))
	e.Say("isac.verify.inside", a.ID, decimal(uint64(a.Version)), e.Text("isac.stage."+string(a.Stage)), a.Digest.String())
	if a.Number > 1 {
		e.Say("isac.verify.previous", decimal(a.Number-1), a.Previous.String())
	}
	if a.Kind == hub.Withdrawn {
		e.Say("isac.verify.withdrawn")
	}
}

// alertKey takes the hub's public key from the command line or a credentials file.
func alertKey(creds, text string) (ed25519.PublicKey, error) {
	switch {
	case text != "":
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, console.Usage("isac.verify.bad-key")
		}
		return key, nil
	case creds != "":
		c, err := member.Read(creds)
		return c.AlertKey, err
	}
	return nil, console.Usage("isac.verify.needs-key")
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
