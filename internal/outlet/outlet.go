// Package outlet hands alerts that a member's machine received and verified on to what the
// member runs: a SIEM by syslog, a program by webhook, a command. Each outlet has a
// name, by which the caller keeps how far it has come, and tries again until it is rid of an
// alert: nothing is left out, and after a crash the one alert in flight may come twice, with
// the same id.
//
// It trusts the file of outlets, which the machine's owner wrote: addresses inside are
// allowed, and the command is started as it stands there, never by a shell. Alerts must have
// been verified.
//
//	outlets, err := outlet.Read("outputs.toml")
//	err = outlets[0].Deliver(ctx, entry, warn)
package outlet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/deliver"
)

// settings is one [[output]] of the file.
type settings struct {
	Name string `toml:"name"`

	// Syslog is "tls://HOST:6514", "tcp://HOST:514" or "udp://HOST:514". CA is the
	// authority of its certificate where the system doesn't know it; Certificate and Key
	// are the machine's own, where it wants one. All are PEM files.
	Syslog      string `toml:"syslog"`
	CA          string `toml:"ca"`
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`

	// Webhook is the address of a program; SecretFile holds "whsec_…", by which it knows
	// the sender. CA is as above.
	Webhook    string `toml:"webhook"`
	SecretFile string `toml:"secret_file"`

	// Command is a program with its arguments; the file with the alert is the last one.
	Command []string `toml:"command"`
}

// way sends one alert. An error of errGone ends the outlet, any other is tried again.
type way interface {
	send(context.Context, deliver.Entry) error
}

var errGone = errors.New("the receiver wants no more")

// Outlet is one place where alerts go.
type Outlet struct {
	Name  string
	Pause time.Duration // before the first repetition, and longer before each next; a second when 0
	way   way
}

// most outlets of one machine: each listens for alerts by itself, and the hub lets one
// connection listen to ten things.
const most = 7

// longestPause lies between two tries at most.
const longestPause = 5 * time.Minute

var named = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// Read reads a file of outlets.
func Read(file string) ([]*Outlet, error) {
	var all struct {
		Output []settings `toml:"output"`
	}
	meta, err := toml.DecodeFile(file, &all)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "outlet.unreadable", Args: []string{file}, Err: fmt.Errorf("reading outputs: %w", err)}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, hub.E(hub.Invalid, "outlet.unknown", unknown[0].String())
	}
	var out []*Outlet
	seen := map[string]bool{}
	for _, s := range all.Output {
		if !named.MatchString(s.Name) || seen[s.Name] {
			return nil, hub.E(hub.Invalid, "outlet.name", s.Name)
		}
		seen[s.Name] = true
		w, err := s.way()
		if err != nil {
			return nil, err
		}
		out = append(out, &Outlet{Name: s.Name, way: w})
	}
	if len(out) == 0 || len(out) > most {
		return nil, hub.E(hub.Invalid, "outlet.none", file, fmt.Sprint(most))
	}
	return out, nil
}

func (s settings) way() (way, error) {
	given := 0
	for _, is := range []bool{s.Syslog != "", s.Webhook != "", len(s.Command) > 0} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, hub.E(hub.Invalid, "outlet.one-way", s.Name)
	case s.Syslog != "":
		return s.syslog()
	case s.Webhook != "":
		return s.program()
	}
	return command{argv: s.Command}, nil
}

// bad says that a setting of an outlet can't be used.
func (s settings) bad(setting string, err error) error {
	return &hub.Error{Kind: hub.Invalid, Text: "outlet.setting", Args: []string{s.Name, setting}, Err: err}
}

func (s settings) read(setting, file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, s.bad(setting, err)
	}
	return data, nil
}

// Deliver hands an alert on, and tries again until it was taken, the receiver wants no more,
// or ctx ends, which alone is an error. What a recall took away before it was
// handed on isn't any more. Warn, which may be nil, is told of each failure.
func (o *Outlet) Deliver(ctx context.Context, e deliver.Entry, warn func(error)) error {
	if len(e.Bundle) == 0 {
		return nil
	}
	pause := o.Pause
	if pause == 0 {
		pause = time.Second
	}
	for {
		err := o.way.send(ctx, e)
		if err == nil {
			return nil
		}
		if warn != nil {
			warn(err)
		}
		if errors.Is(err, errGone) {
			return nil
		}
		timer := time.NewTimer(pause/2 + rand.N(pause/2+1))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, longestPause)
	}
}

// nameOf is the title of an alert, in Japanese.
func nameOf(bundle []byte) string {
	var b struct {
		Objects []struct{ Type, Name string }
	}
	err := json.Unmarshal(bundle, &b)
	if err != nil {
		return ""
	}
	for _, o := range b.Objects {
		if o.Type == "report" {
			return strings.Join(strings.Fields(o.Name), " ")
		}
	}
	return ""
}
