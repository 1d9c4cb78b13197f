package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/backup"
	"isac/internal/console"
	"isac/internal/doctor"
	"isac/internal/keyring"
	"isac/internal/locale"
	"isac/internal/memory"
)

// foundBad is the exit code of what must be acted on.
const foundBad = console.ExitError(9)

// runDoctor looks at a hub, running or not, and says what is wrong and what to do.
func runDoctor(ctx context.Context, e *console.Env) error {
	s, err := settingsOf(e)
	if err != nil {
		return err
	}
	o := doctor.Look(s.Data, time.Now())
	o.Backup = backup.Last(s.Data)
	o.Misplaced = keyring.Misplaced(filepath.Join(s.Data, "keys"), s.Signer != "")
	noted := memory.Noted(s.Data)
	o.Needed, o.Bound = noted.Needed, noted.Bound
	o.Ends, err = s.ends()
	if err != nil {
		o.Settings = hub.RefusalOf(err).Text
	}
	reply, err := admin.Ask(ctx, s.Data, admin.Request{Op: "health"})
	if err != nil && !errors.Is(err, admin.ErrNoHub) {
		o.Unreached = true
	}
	found := doctor.Judge(o, reply.Health, time.Now())
	err = e.Print(told(e.Lang, found), func() {
		for _, f := range found {
			fmt.Fprintf(e.Out, "%-5s %s\n", e.Text("doctor.level."+string(f.Level)), e.Text(f.Text(), words(e.Lang, f)...))
		}
	})
	if err == nil && doctor.Worst(found) == doctor.Bad {
		return foundBad
	}
	return err
}

// explained is a finding with its text.
type explained struct {
	doctor.Finding
	Text string `json:"text"`
}

func told(lang string, found []doctor.Finding) map[string]any {
	var out []explained
	for _, f := range found {
		out = append(out, explained{f, locale.Text(lang, f.Text(), words(lang, f)...)})
	}
	return map[string]any{"worst": doctor.Worst(found), "findings": out}
}

// words puts into a language what an argument names by a key.
func words(lang string, f doctor.Finding) []string {
	if len(f.Args) == 0 {
		return nil
	}
	out := append([]string{}, f.Args...)
	switch f.Check {
	case "settings":
		out[0] = locale.Text(lang, out[0])
	case "retention":
		out[0] = locale.Text(lang, "doctor.late."+out[0])
	}
	return out
}

// ends are when the certificates of the settings end.
func (s settings) ends() ([]time.Time, error) {
	var out []time.Time
	t, err := s.tls()
	if err != nil {
		return nil, err
	}
	if t != nil {
		for _, one := range t.Certificates {
			out = append(out, one.Leaf.NotAfter)
		}
	}
	ca, err := s.authority()
	for block, rest := pem.Decode(ca); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err == nil {
			out = append(out, c.NotAfter)
		}
	}
	return out, err
}
