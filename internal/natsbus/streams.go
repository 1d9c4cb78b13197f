package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams. What each holds and how it ends stands in the README.
const (
	Intake   = "INTAKE"
	Vault    = "VAULT"
	Link     = "LINK"
	Cases    = "CASES"
	Keys     = "KEYS"
	Alerts   = "ALERTS"
	Register = "REGISTER"
	Votes    = "VOTES"
	Told     = "TOLD"
	Help     = "HELP"
	Notices  = "NOTICES"

	Advisories = "ADVISORIES"
)

// maxMessage is the largest message of the hub's own with its headers, in bytes.
const maxMessage = 8 << 20

// streamConfigs are all file stores that refuse rather than forget when full.
// Rollups, schedules and message TTLs stay off: with them one message can make
// others vanish or appear.
func streamConfigs() []jetstream.StreamConfig {
	base := func(name, subject string, perSubject int64) jetstream.StreamConfig {
		return jetstream.StreamConfig{
			Name: name, Subjects: []string{subject}, Storage: jetstream.FileStorage,
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
			MaxMsgsPerSubject: perSubject, MaxMsgSize: maxMessage, MaxConsumers: 1000,
			DenyPurge: true, AllowDirect: true,
		}
	}
	intake := base(Intake, "intake.*", 1)
	intake.Retention = jetstream.WorkQueuePolicy
	intake.AllowDirect = false
	intake.DenyPurge = false
	return []jetstream.StreamConfig{
		intake,
		base(Vault, "vault.>", -1),
		base(Link, "link.*", -1),
		base(Cases, "case.*", -1),
		base(Keys, "key.*", -1),
		base(Alerts, "alert.>", -1),
		base(Register, "register.>", -1),
		base(Votes, "vote.>", 1),
		base(Told, "told.*", -1),
		base(Help, "help.*", -1),
		base(Notices, "notice.*", -1),
		base(Advisories, "advisory.>", -1),
	}
}

// StreamNames are those of all streams.
func StreamNames() []string {
	var out []string
	for _, c := range streamConfigs() {
		out = append(out, c.Name)
	}
	return out
}

func makeStreams(ctx context.Context, js jetstream.JetStream) error {
	for _, c := range streamConfigs() {
		_, err := js.CreateOrUpdateStream(ctx, c)
		if err != nil {
			return fmt.Errorf("making stream %s: %w", c.Name, err)
		}
	}
	return nil
}

// claimsError reads the server's answer to a claims update.
func claimsError(reply []byte) error {
	var answer struct {
		Error *struct {
			Description string `json:"description"`
		} `json:"error"`
	}
	err := json.Unmarshal(reply, &answer)
	if err != nil {
		return fmt.Errorf("reading answer to an account: %w", err)
	}
	if answer.Error != nil {
		return errors.New("pushing account: " + answer.Error.Description)
	}
	return nil
}
