package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"isac/hub"
	"isac/internal/backup"
	"isac/internal/console"
	"isac/internal/keyring"
	"isac/internal/node"
)

// restore writes a new data folder from a backup and copies of the keys. It is made
// beside its place, so that a hub never starts on half of it.
func restore(ctx context.Context, e *console.Env) error {
	data, url, ca := e.Flags.String("data", "", ""), e.Flags.String("nats", "", ""), e.Flags.String("ca", "", "")
	identity, at := e.Flags.String("identity", "", ""), e.Flags.String("at", "", "")
	keys, secrets := e.Flags.String("keys", "", ""), e.Flags.String("secrets", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	if *data == "" || *identity == "" || *keys == "" {
		return console.Usage("console.bad-arguments", "isacd restore")
	}
	_, err = os.Stat(*data)
	if !errors.Is(err, fs.ErrNotExist) {
		return hub.E(hub.Conflict, "backup.folder-exists", *data)
	}
	r := restoring{from: args[0], at: *at, identity: *identity, keys: []string{*keys}, work: filepath.Clean(*data) + ".restoring"}
	if *secrets != "" {
		r.keys = append(r.keys, *secrets)
	}
	pem, err := settings{CA: *ca}.authority()
	if err != nil {
		return err
	}
	done, err := r.run(ctx, node.Log{Dir: r.work, URL: *url, CA: pem})
	if err == nil {
		err = os.Rename(r.work, *data)
	}
	if err != nil {
		return backupError(err)
	}
	return e.Print(done, func() {
		e.Say("backup.restored", done.Name, fmt.Sprint(done.Streams), fmt.Sprint(done.Messages))
		if *secrets == "" {
			e.Say("backup.no-secrets")
		}
	})
}

// restoring is one restore into a folder that is no hub's yet.
type restoring struct {
	from, at, identity, work string
	keys                     []string
}

func (r restoring) run(ctx context.Context, log node.Log) (backup.Restored, error) {
	var none backup.Restored
	id, err := readIdentity(r.identity)
	if err != nil {
		return none, err
	}
	store, name, err := chosen(r.from, r.at)
	if err != nil {
		return none, err
	}
	for _, file := range r.keys {
		err := backup.PutKeys(file, r.work, id)
		if err != nil {
			return none, err
		}
	}
	signer, err := keyring.BackupKey(filepath.Join(r.work, "keys"))
	if err != nil {
		return none, err
	}
	key := signer.Public().(ed25519.PublicKey)
	err = store.PutFiles(name, key, id, r.work)
	if err != nil {
		return none, err
	}
	bus, done, err := node.OpenCopy(ctx, log)
	if err != nil {
		return none, err
	}
	out, err := store.Restore(ctx, name, key, id, bus)
	err = errors.Join(err, done())
	if err != nil {
		return none, err
	}
	return out, node.SetLog(r.work, log.URL != "")
}

// migrate copies the log of a hub that isn't running from its data folder to an
// external server, and notes in the folder that the log is there.
func migrate(ctx context.Context, e *console.Env) error {
	data, to, ca := dataFlag(e), e.Flags.String("to", "", ""), e.Flags.String("ca", "", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	if *to == "" {
		return console.Usage("console.bad-arguments", "isacd migrate")
	}
	pem, err := settings{CA: *ca}.authority()
	if err != nil {
		return err
	}
	from, closeFrom, err := node.OpenLog(ctx, node.Log{Dir: *data})
	if err != nil {
		return err
	}
	bus, closeTo, err := node.OpenCopy(ctx, node.Log{Dir: *data, URL: *to, CA: pem})
	if err != nil {
		return errors.Join(err, closeFrom())
	}
	moved, err := backup.Move(ctx, from, bus)
	if err == nil {
		err = node.SetLog(*data, true)
	}
	err = errors.Join(err, closeTo(), closeFrom())
	if err != nil {
		return backupError(err)
	}
	return e.Print(moved, func() { e.Say("backup.moved", fmt.Sprint(moved.Streams), fmt.Sprint(moved.Messages), *to) })
}
