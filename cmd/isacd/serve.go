package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/admin"
	"isac/internal/console"
	"isac/internal/node"
	"isac/internal/projection"
	"isac/internal/validation"
)

// settings is the whole configuration; the comments are its manual. Unknown keys
// are errors. Secrets stand in files, never here.
type settings struct {
	// Data is the data folder. It holds every key of the hub: back it up, guard it.
	Data string `toml:"data"`
	// Listen is the HTTP address, ":8443". Empty serves no HTTP.
	Listen string `toml:"listen"`
	// Certificate and Key are PEM files for HTTP and NATS. Both empty is plain
	// text, which is allowed on loopback only.
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
	// BaseURL is how members reach the HTTP face, "https://hub.example.jp".
	BaseURL string `toml:"base_url"`
	// Metrics is a private address for Prometheus metrics, "127.0.0.1:9090". Empty
	// serves none.
	Metrics string `toml:"metrics"`
	// NATS is "embedded", or the URL of an external server or cluster.
	NATS string `toml:"nats"`
	// NATSListen is the address of the embedded server, ":4222".
	NATSListen string `toml:"nats_listen"`
	// Profile is the sector profile: "healthcare-jp", "local-government-jp", or a
	// TOML file.
	Profile string `toml:"profile"`
	// Name is the hub's name as the creator of alerts.
	Name string `toml:"name"`
}

func readSettings(file string) (settings, error) {
	s := settings{Data: "isac-data", Listen: "127.0.0.1:8443", NATS: "embedded", NATSListen: "127.0.0.1:4222", Profile: "healthcare-jp", Name: "ISAC hub"}
	if file == "" {
		return s, nil
	}
	meta, err := toml.DecodeFile(file, &s)
	if err != nil {
		return s, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-settings", Args: []string{file}, Err: fmt.Errorf("reading settings: %w", err)}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return s, hub.E(hub.Invalid, "isacd.unknown-setting", unknown[0].String())
	}
	return s, nil
}

// serve runs the hub until it is told to stop.
func serve(ctx context.Context, e *console.Env) error {
	config := e.Flags.String("config", "", "")
	data := e.Flags.String("data", "", "")
	listen := e.Flags.String("listen", "", "")
	nats := e.Flags.String("nats", "", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	s, err := readSettings(*config)
	if err != nil {
		return err
	}
	for _, o := range []struct{ flag, setting *string }{{data, &s.Data}, {listen, &s.Listen}, {nats, &s.NATS}} {
		if *o.flag != "" {
			*o.setting = *o.flag
		}
	}
	n, err := openNode(ctx, s, s.Listen)
	if err != nil {
		return err
	}
	err = admin.Serve(ctx, n)
	if err == nil {
		e.Say("isacd.serving", n.BaseURL, n.Bus.URL())
		<-ctx.Done()
	}
	return errors.Join(err, n.Close())
}

// openNode starts a node with the settings.
func openNode(ctx context.Context, s settings, listen string) (*node.Node, error) {
	p, err := profileOf(s.Profile)
	if err != nil {
		return nil, err
	}
	v, err := validation.Embedded()
	if err != nil {
		return nil, err
	}
	certificates, err := s.tls()
	if err != nil {
		return nil, err
	}
	c := node.Config{
		Dir: s.Data, Listen: listen, TLS: certificates, NATSTLS: certificates, BaseURL: s.BaseURL, Name: s.Name, Private: s.Metrics,
		NATSAddr: s.NATSListen, Profile: p, Validator: v, Log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
	}
	if listen == "" {
		c.NATSAddr = "127.0.0.1:0" // a command of the operator's beside no running hub
	}
	if s.NATS != "" && s.NATS != "embedded" {
		c.NATSURL = s.NATS
	}
	return node.Start(ctx, c)
}

func (s settings) tls() (*tls.Config, error) {
	if s.Certificate == "" && s.Key == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-certificate", Err: fmt.Errorf("reading certificate: %w", err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

func profileOf(name string) (*profile.Profile, error) {
	switch name {
	case "", "healthcare-jp":
		return profile.HealthcareJP(), nil
	case "local-government-jp":
		return profile.LocalGovernmentJP(), nil
	}
	data, err := os.ReadFile(name)
	if err == nil {
		var p *profile.Profile
		p, err = profile.Load(data)
		if err == nil {
			return p, nil
		}
	}
	return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-profile", Err: fmt.Errorf("reading profile: %w", err)}
}

// replay rebuilds the views of a hub that isn't running, and tells whether the
// rebuilt one equals the old.
func replay(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	c, err := replayFolder(ctx, *dir)
	if err != nil {
		return err
	}
	return e.Print(c, func() {
		result := "isacd.replay-same"
		switch {
		case !c.HadView:
			result = "isacd.replay-new"
		case !c.Same:
			result = "isacd.replay-differs"
		}
		e.Say("isacd.replayed", fmt.Sprint(c.Alerts), fmt.Sprint(c.Events), e.Text(result))
	})
}

func replayFolder(ctx context.Context, dir string) (projection.Compared, error) {
	bus, done, err := node.OpenLog(ctx, dir)
	if err != nil {
		return projection.Compared{}, err
	}
	c, err := projection.Replay(ctx, bus, dir)
	return c, errors.Join(err, done())
}
