// Package member is what runs at a member: the credentials file, reports sealed
// before they leave, receipts and alerts verified before they are believed.
//
// It trusts the credentials file, which holds the hub's public keys, and of what comes over
// the network only what these sign, and the keys that followed them. It needs no cgo and no server.
//
//	c, err := member.Read("SYN00042.creds")
//	conn, err := c.Dial("")
//	receipt, err := conn.Report(ctx, bundle)
package member

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"

	"github.com/nats-io/nkeys"

	"isac/hub"
)

// Hub is what a credentials file says of the hub.
type Hub struct {
	URL        string            `json:"url"`
	AlertKey   ed25519.PublicKey `json:"alert_key"`
	ReceiptKey ed25519.PublicKey `json:"receipt_key"`
	CA         string            `json:"ca,omitempty"`        // PEM, to be trusted in place of the system's roots
	Websocket  string            `json:"websocket,omitempty"` // "wss://…", taken where URL can't be reached
}

// Credentials are a member's machine identity: a NATS credentials file with a
// block about the hub behind it.
type Credentials struct {
	Hub
	User  string // public nkey
	Keys  *Keys  // of alerts: Hub's, and those that followed
	creds []byte
}

var (
	blockStart = []byte("-----BEGIN ISAC HUB-----\n")
	blockEnd   = []byte("\n-----END ISAC HUB-----\n")
)

// Write returns the credentials file: the NATS part, then the block about the hub.
func Write(creds []byte, h Hub) ([]byte, error) {
	data, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("writing credentials: %w", err)
	}
	return bytes.Join([][]byte{creds, blockStart, data, blockEnd}, nil), nil
}

// Read reads a credentials file. Of the keys that followed nothing is known yet: KeepKeys.
func Read(file string) (Credentials, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Credentials{}, &hub.Error{Kind: hub.Invalid, Text: "member.no-file", Args: []string{file}, Err: fmt.Errorf("reading credentials: %w", err)}
	}
	c, err := parse(data)
	if err != nil {
		return Credentials{}, &hub.Error{Kind: hub.Invalid, Text: "member.bad-file", Err: fmt.Errorf("reading credentials: %w", err)}
	}
	return c, nil
}

// KeepKeys takes up, and keeps, the keys that followed in a folder of the user's own.
func (c *Credentials) KeepKeys(dir string) (err error) {
	c.Keys, err = OpenKeys(dir, c.AlertKey)
	return err
}

func parse(data []byte) (Credentials, error) {
	creds, rest, ok := bytes.Cut(data, blockStart)
	block, _, ended := bytes.Cut(rest, blockEnd)
	if !ok || !ended {
		return Credentials{}, fmt.Errorf("no block about the hub")
	}
	c := Credentials{creds: creds}
	err := json.Unmarshal(block, &c.Hub)
	if err != nil {
		return Credentials{}, fmt.Errorf("block about the hub: %w", err)
	}
	if len(c.AlertKey) != ed25519.PublicKeySize || len(c.ReceiptKey) != ed25519.PublicKeySize {
		return Credentials{}, fmt.Errorf("block about the hub: keys are missing")
	}
	k, err := nkeys.ParseDecoratedNKey(creds)
	if err != nil {
		return Credentials{}, fmt.Errorf("no user key")
	}
	c.User, err = k.PublicKey()
	if err != nil {
		return Credentials{}, fmt.Errorf("no user key")
	}
	c.Keys, err = OpenKeys("", c.AlertKey)
	return c, err
}
