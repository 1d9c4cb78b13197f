package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/backup"
	"isac/internal/console"
	"isac/internal/keep"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/node"
)

// openLog reaches the log of the hub that runs on the folder, or opens the folder itself.
func openLog(ctx context.Context, s settings) (bus *natsbus.Bus, done func() error, err error) {
	ca, err := s.authority()
	if err != nil {
		return nil, nil, err
	}
	reply, err := admin.Ask(ctx, s.Data, admin.Request{Op: "log"})
	if errors.Is(err, admin.ErrNoHub) {
		return node.OpenLog(ctx, node.Log{Dir: s.Data, URL: s.external(), CA: ca})
	}
	if err != nil {
		return nil, nil, err
	}
	var roots *x509.CertPool
	if ca != nil {
		roots = x509.NewCertPool()
		roots.AppendCertsFromPEM(ca)
	}
	bus, err = natsbus.Attach(s.Data, *reply.Log, roots)
	if err != nil {
		return nil, nil, err
	}
	return bus, func() error { bus.Close(); return nil }, nil
}

// backupTake makes a backup of the log into a folder.
func backupTake(ctx context.Context, e *console.Env) error {
	to, recipient := e.Flags.String("to", "", ""), e.Flags.String("recipient", "", "")
	days := e.Flags.Int("keep-days", 35, "")
	s, err := settingsOf(e)
	if err != nil {
		return err
	}
	if *to == "" || *recipient == "" {
		return console.Usage("console.bad-arguments", "isacd backup")
	}
	store, err := backup.Open(*to, *recipient)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "backup.bad-target", Err: err}
	}
	signer, err := keyring.BackupKey(filepath.Join(s.Data, "keys"))
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "backup.no-keys", Err: err}
	}
	bus, done, err := openLog(ctx, s)
	if err != nil {
		return err
	}
	taken, err := store.Take(ctx, bus, s.Data, signer, time.Now(), time.Duration(*days)*24*time.Hour)
	err = errors.Join(err, done())
	if err == nil {
		err = keep.Replace(filepath.Join(s.Data, backup.Mark), []byte(taken.Name+"\n"))
	}
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "backup.failed", Err: err}
	}
	return e.Print(taken, func() {
		e.Say("backup.taken", taken.Name, fmt.Sprint(taken.Messages), fmt.Sprint(taken.Written), fmt.Sprint(taken.Kept), fmt.Sprint(taken.Bytes), fmt.Sprint(taken.Pruned))
	})
}

// backupKeys seals copies of the keys into a folder apart.
func backupKeys(_ context.Context, e *console.Env) error {
	dir := dataFlag(e)
	to, recipient := e.Flags.String("to", "", ""), e.Flags.String("recipient", "", "")
	days := e.Flags.Int("secret-days", 7, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	if *to == "" || *recipient == "" {
		return console.Usage("console.bad-arguments", "isacd backup keys")
	}
	_, err = keyring.BackupKey(filepath.Join(*dir, "keys"))
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "backup.no-keys", Err: err}
	}
	files, err := backup.TakeKeys(*dir, *to, *recipient, time.Now(), time.Duration(*days)*24*time.Hour)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "backup.failed", Err: err}
	}
	return e.Print(files, func() { e.Say("backup.keys", files.Keys, files.Secrets, fmt.Sprint(*days), fmt.Sprint(files.Ended)) })
}

// backupIdentity makes the key pair to which backups are sealed.
func backupIdentity(_ context.Context, e *console.Env) error {
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return fmt.Errorf("making a backup identity: %w", err)
	}
	err = newSecretFile(args[0], []byte(id.String()+"\n"))
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"file": args[0], "recipient": id.Recipient().String()}, func() { e.Say("backup.identity", id.Recipient().String(), args[0]) })
}

func readIdentity(file string) (*age.X25519Identity, error) {
	text, err := os.ReadFile(file)
	if err == nil {
		for line := range bytes.Lines(text) {
			one := strings.TrimSpace(string(line))
			if one == "" || strings.HasPrefix(one, "#") {
				continue
			}
			id, err := age.ParseX25519Identity(one)
			if err == nil {
				return id, nil
			}
		}
		err = errors.New("no identity in it")
	}
	return nil, &hub.Error{Kind: hub.Invalid, Text: "backup.bad-identity", Err: fmt.Errorf("reading identity: %w", err)}
}

// backupVerify checks a backup: whole, of this hub, and readable.
func backupVerify(_ context.Context, e *console.Env) error {
	identity, at, dir := e.Flags.String("identity", "", ""), e.Flags.String("at", "", ""), e.Flags.String("data", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	var id age.Identity
	if *identity != "" {
		id, err = readIdentity(*identity)
		if err != nil {
			return err
		}
	}
	var key ed25519.PublicKey
	if *dir != "" {
		signer, err := keyring.BackupKey(filepath.Join(*dir, "keys"))
		if err != nil {
			return &hub.Error{Kind: hub.Unavailable, Text: "backup.no-keys", Err: err}
		}
		key = signer.Public().(ed25519.PublicKey)
	}
	store, name, err := chosen(args[0], *at)
	if err != nil {
		return err
	}
	v, err := store.Verify(name, key, id)
	if err != nil {
		return backupError(err)
	}
	return e.Print(v, func() {
		e.Say("backup.verified", v.Name, fmt.Sprint(v.Files), fmt.Sprint(v.Bytes))
		if id != nil {
			e.Say("backup.opened", fmt.Sprint(v.Messages))
		}
		if key == nil {
			e.Say("backup.unsigned-unchecked")
		}
	})
}

func chosen(dir, at string) (*backup.Store, string, error) {
	store, err := backup.OpenRead(dir)
	if err != nil {
		return nil, "", backupError(err)
	}
	name, err := store.At(at)
	if err != nil {
		return nil, "", backupError(err)
	}
	return store, name, nil
}

// backupError says what to do about an error of a backup.
func backupError(err error) error {
	for is, text := range map[error]string{backup.ErrNoBackup: "backup.none", backup.ErrDamaged: "backup.damaged", backup.ErrUnsigned: "backup.unsigned", backup.ErrDiffers: "backup.differs"} {
		if errors.Is(err, is) {
			kind := hub.Invalid
			if is == backup.ErrNoBackup {
				kind = hub.NotFound
			}
			return &hub.Error{Kind: kind, Text: text, Err: err}
		}
	}
	return &hub.Error{Kind: hub.Unavailable, Text: "backup.failed", Err: err}
}
