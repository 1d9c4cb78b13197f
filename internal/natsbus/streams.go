package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

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
	Ledger     = "LEDGER"
	Nodes      = "NODES" // what the nodes of one hub agree on; nothing of a member or case
)

// maxMessage is the largest message of the hub's own with its headers, in bytes.
const maxMessage = 8 << 20

// replicas is how many servers keep each message: three where the URL names as many
// servers of a cluster, else one. Two would stop when either does.
func replicas(url string) int {
	if strings.Count(url, ",") >= 2 {
		return 3
	}
	return 1
}

// streamConfigs are all file stores that refuse rather than forget when full.
// Rollups, schedules and message TTLs stay off: with them one message can make
// others vanish or appear. Of several replicas one that lags may not answer: what is
// read decides what is stored.
func streamConfigs(replicas int) []jetstream.StreamConfig {
	base := func(name, subject string, perSubject int64) jetstream.StreamConfig {
		return jetstream.StreamConfig{
			Name: name, Subjects: []string{subject}, Storage: jetstream.FileStorage,
			Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
			MaxMsgsPerSubject: perSubject, MaxMsgSize: maxMessage, MaxConsumers: 1000,
			DenyPurge: true, AllowDirect: replicas == 1, Replicas: replicas,
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
		base(Ledger, "ledger.*", -1),
		base(Nodes, "node.>", 1),
	}
}

// StreamNames are those of all streams that hold what must last: NODES, which says who
// is up and which secrets are the same, is made anew.
func StreamNames() []string {
	var out []string
	for _, c := range streamConfigs(1) {
		if c.Name != Nodes {
			out = append(out, c.Name)
		}
	}
	return out
}

func makeStreams(ctx context.Context, js jetstream.JetStream, replicas int) error {
	for _, c := range streamConfigs(replicas) {
		err := makeStream(ctx, js, c)
		if err != nil {
			return fmt.Errorf("making stream %s: %w", c.Name, err)
		}
	}
	return nil
}

// formed is how long a cluster may take to agree on who leads.
const formed = time.Minute

// makeStream makes a stream, once the servers of the cluster have found together.
func makeStream(ctx context.Context, js jetstream.JetStream, c jetstream.StreamConfig) error {
	end := time.Now().Add(formed)
	for {
		once, cancel := context.WithTimeout(ctx, 10*time.Second)
		_, err := js.CreateOrUpdateStream(once, c)
		cancel()
		if err == nil || c.Replicas == 1 || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second / 4):
		}
	}
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
