package keyring

import (
	"crypto/ed25519"
	"path/filepath"
)

// BackupKey signs the manifests of backups. It is read from the folder of keys, or made,
// by whoever makes a backup, beside a ring that a hub may have open.
func BackupKey(dir string) (ed25519.PrivateKey, error) {
	seed, err := openSecret(filepath.Join(dir, "backup.key"))
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
