package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/internal/admin"
	"isac/internal/console"
	"isac/internal/memory"
	"isac/internal/node"
	"isac/internal/parts"
	"isac/internal/projection"
	"isac/internal/signin"
	"isac/internal/validation"
)

// settings is the whole configuration; the comments are its manual. Unknown keys
// are errors. Secrets stand in files, never here.
type settings struct {
	// Data is the data folder. It holds every key of the hub: back it up, guard it.
	Data string `toml:"data"`
	// Listen is the HTTP address, ":8443". Empty serves no HTTP.
	Listen string `toml:"listen"`
	// Certificate and Key are PEM files for HTTP and the embedded NATS. Both empty is
	// plain text, which is refused beyond loopback unless Plain is true: behind a
	// proxy that encrypts, say. The files are read again when they change.
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
	Plain       bool   `toml:"plain"`
	// ClientCertificates is a name of the hub, "taxii.example.jp", at which TLS asks
	// programs for a client certificate, by which they may come in to TAXII; "*" asks at
	// every name. Browsers would ask people for one, so it is best a name of its own.
	ClientCertificates string `toml:"client_certificates"`
	// CA is a PEM file of the authority that signed the certificates, where it isn't
	// one that every system knows. Credentials files carry it to members.
	CA string `toml:"ca"`
	// BaseURL is how members reach the HTTP face, "https://hub.example.jp".
	BaseURL string `toml:"base_url"`
	// Metrics is a private address for Prometheus metrics, "127.0.0.1:9090". Empty
	// serves none.
	Metrics string `toml:"metrics"`
	// NATS is "embedded", or the URL of an external server or cluster.
	NATS string `toml:"nats"`
	// NATSListen is the address of the embedded server, ":4222".
	NATSListen string `toml:"nats_listen"`
	// NATSURL is how members reach NATS, "tls://hub.example.jp:4222". Credentials
	// files carry it. Empty is the address listened on.
	NATSURL string `toml:"nats_url"`
	// NATSWebsocket is an address at which the embedded server is reached by websocket
	// too, ":443" on a name of its own; empty for none. WebsocketURL is how members
	// reach it, "wss://nats.example.jp", which credentials files carry.
	NATSWebsocket string `toml:"nats_websocket"`
	WebsocketURL  string `toml:"websocket_url"`
	// NATSLeaf is an address at which NATS servers of members' own connect to the embedded
	// one as leaf nodes, ":7422"; empty for none.
	NATSLeaf string `toml:"nats_leaf"`
	// Schemas is a folder with another set of STIX schemas in the layout of the OASIS
	// set. Empty is the built-in one.
	Schemas string `toml:"schemas"`
	// Profile is the sector profile: "healthcare-jp", "local-government-jp", or a
	// TOML file.
	Profile string `toml:"profile"`
	// WarningLists is a folder with lists in the form of the MISP warning lists: values
	// that everybody uses and that no alert shall name as the attacker's. Empty is the
	// hub's own small table alone.
	WarningLists string `toml:"warning_lists"`
	// Analysis is a folder with sentences of alerts in place of the built-in ones, file by
	// file: actions.toml, detections.toml and so on, as isacd analysis write gives them.
	// Empty is the built-in ones alone. It is read at the start.
	Analysis string `toml:"analysis"`
	// Shelf is a folder of documents beside the built-in ones or in their place, with a
	// shelf.toml: isacd shelf write gives the built-in ones, whose README.md is the manual.
	// Empty is the built-in ones alone. It is read at the start.
	Shelf string `toml:"shelf"`
	// Font is a TrueType or OpenType file that has Japanese, for PDF and PNG. Empty is
	// Debian's fonts-noto-cjk where it is installed; without it there is SVG and HTML.
	Font string `toml:"font"`
	// Signer is the Unix socket of an SSH agent that holds the key that signs alerts,
	// "unix:/run/isac-signer/agent.sock", from the hub's first start on. Empty keeps the key in
	// the data folder.
	Signer string `toml:"signer"`
	// Rate is how many requests a second one access token may send, 10000 when 0.
	Rate int `toml:"rate"`
	// OIDC are identity providers (OpenID Connect) of organisations whose people, once
	// invited, may sign in by them. Their redirect address is BaseURL with /signin/back.
	OIDC []providerSettings `toml:"oidc"`
	// Mail is the server by which people are told of alerts.
	Mail mailSettings `toml:"mail"`
	// Webhooks are where members' programs may be called.
	Webhooks webhookSettings `toml:"webhooks"`
	// Upstream are the publishers of notices on vulnerabilities that the working group may
	// pass on.
	Upstream []upstreamSettings `toml:"upstream"`
	// Part is "inner" or "outer" where the hub runs as two processes under two users, each
	// with a settings file and a data folder of its own; empty for one process. The inner
	// part listens for HTTP on Socket alone and needs BaseURL; the outer part has the other
	// end, and of the settings Data, Listen, Certificate, Key, ClientCertificates, Plain, Rate,
	// Profile, WarningLists, Analysis, Shelf and Font are its.
	Part   string `toml:"part"`
	Socket string `toml:"socket"`
	// Peer is the user, by name or number, of the other part. Empty is one's own.
	Peer string `toml:"peer"`
	// Name is the hub's name as the creator of alerts.
	Name string `toml:"name"`
}

// providerSettings is one [[oidc]].
type providerSettings struct {
	Organisation string `toml:"organisation"` // id on the sector list
	Issuer       string `toml:"issuer"`       // "https://login.example.jp"
	ClientID     string `toml:"client_id"`
	SecretFile   string `toml:"secret_file"`
}

// providers reads the secrets of identity providers.
func (s settings) providers() ([]signin.Provider, error) {
	var out []signin.Provider
	for _, p := range s.OIDC {
		secret, err := os.ReadFile(p.SecretFile)
		if err != nil {
			return nil, &hub.Error{Kind: hub.Invalid, Text: "signin.bad-provider", Args: []string{p.Organisation}, Err: fmt.Errorf("reading secret: %w", err)}
		}
		out = append(out, signin.Provider{Organisation: p.Organisation, Issuer: p.Issuer, ClientID: p.ClientID, Secret: strings.TrimSpace(string(secret))})
	}
	return out, nil
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

// settingsOf reads the flags, and the settings file that they name.
func settingsOf(e *console.Env) (settings, error) {
	config := e.Flags.String("config", "", "")
	data := e.Flags.String("data", "", "")
	nats := e.Flags.String("nats", "", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return settings{}, err
	}
	s, err := readSettings(*config)
	if err != nil {
		return settings{}, err
	}
	for _, o := range []struct{ flag, setting *string }{{data, &s.Data}, {nats, &s.NATS}} {
		if *o.flag != "" {
			*o.setting = *o.flag
		}
	}
	return s, nil
}

// external is the URL of the NATS server, "" for the embedded one.
func (s settings) external() string {
	if s.NATS == "embedded" {
		return ""
	}
	return s.NATS
}

// garbage is how much of what is no longer used may be kept beside what is, in percent.
// A hub holds some 100 MB, mostly the sector list, and TAXII clients that read everything
// leave half a gigabyte a second behind.
const garbage = 50

// serve runs the hub until it is told to stop.
func serve(ctx context.Context, e *console.Env) error {
	s, err := servedSettings(e)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	memory.Keep()
	if s.Part == outerPart {
		return serveOuter(ctx, e, s)
	}
	n, err := openNode(ctx, s, true)
	if err != nil {
		return err
	}
	err = admin.Serve(ctx, n)
	if err == nil {
		says := map[string]string{"": "isacd.serving", innerPart: "isacd.serving-inner"}[s.Part]
		err = e.Print(map[string]string{"url": n.BaseURL, "nats_url": n.Bus.URL()}, func() { e.Say(says, n.BaseURL, n.Bus.URL()) })
	}
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, n.Close())
}

// reading is what serving released things takes.
func (s settings) reading() (c node.Config, err error) {
	c = node.Config{Dir: s.Data, Listen: s.Listen, ClientCertificates: s.ClientCertificates, Name: s.Name, Rate: s.Rate, Log: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	c.Profile, err = profileOf(s.Profile)
	if err != nil {
		return c, err
	}
	c.Warnings, err = warningsOf(s.WarningLists)
	if err != nil {
		return c, err
	}
	c.Library, err = analysisOf(s.Analysis, c.Profile)
	if err != nil {
		return c, err
	}
	c.Shelf, err = shelfOf(s.Shelf, c.Profile, c.Library)
	if err != nil {
		return c, err
	}
	c.Font, err = s.font()
	if err != nil {
		return c, err
	}
	c.TLS, err = s.tls()
	if err != nil {
		return c, err
	}
	if s.Part != "" {
		c.Socket = s.Socket
		c.Peers, err = parts.Users(s.Peer)
	}
	return c, err
}

// openNode starts a node with the settings: to serve, or for a command of the operator's
// beside no running hub.
func openNode(ctx context.Context, s settings, serving bool) (*node.Node, error) {
	c, err := s.reading()
	if err != nil {
		return nil, err
	}
	c.Validator, err = validation.From(s.Schemas)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-schemas", Err: err}
	}
	c.CA, err = s.authority()
	if err != nil {
		return nil, err
	}
	c.Providers, err = s.providers()
	if err != nil {
		return nil, err
	}
	c.Mail, err = s.Mail.server()
	if err != nil {
		return nil, err
	}
	c.Upstreams, err = s.upstreams()
	if err != nil {
		return nil, err
	}
	c.Webhooks, err = s.Webhooks.read()
	if err != nil {
		return nil, err
	}
	c.Signer, err = s.signerSocket()
	if err != nil {
		return nil, err
	}
	c.NATSTLS, c.BaseURL, c.Private = c.TLS, s.BaseURL, s.Metrics
	c.NATSAddr, c.NATSURL, c.NATSPublic = s.NATSListen, s.external(), s.NATSURL
	c.NATSWebsocket, c.NATSLeaf, c.WebsocketPublic = s.NATSWebsocket, s.NATSLeaf, s.WebsocketURL
	c.Aside, c.Memory = !serving, memory.Bound()
	if c.Aside {
		c.Listen, c.Socket, c.NATSAddr, c.NATSWebsocket, c.NATSLeaf = "", "", "127.0.0.1:0", "", ""
	}
	return node.Start(ctx, c)
}

// signerSocket is the path of the signer's socket, "" for none.
func (s settings) signerSocket() (string, error) {
	socket, ok := strings.CutPrefix(s.Signer, "unix:")
	if s.Signer != "" && (!ok || !filepath.IsAbs(socket)) {
		return "", hub.E(hub.Invalid, "isacd.bad-signer", s.Signer)
	}
	return socket, nil
}

// font opens the font, which stays open. There is none where none was asked for.
func (s settings) font() (*paper.Font, error) {
	file, err := os.Open(cmp.Or(s.Font, paper.Noto))
	if s.Font == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "paper.no-font", Err: err}
	}
	return paper.Read(file)
}

func profileOf(name string) (*profile.Profile, error) {
	p, ok := profile.Named(name)
	if ok {
		return p, nil
	}
	data, err := os.ReadFile(name)
	if err == nil {
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
	s, err := settingsOf(e)
	if err != nil {
		return err
	}
	ca, err := s.authority()
	if err != nil {
		return err
	}
	c, err := replayLog(ctx, node.Log{Dir: s.Data, URL: s.external(), CA: ca})
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

func replayLog(ctx context.Context, l node.Log) (projection.Compared, error) {
	bus, done, err := node.OpenLog(ctx, l)
	if err != nil {
		return projection.Compared{}, err
	}
	c, err := projection.Replay(ctx, bus, l.Dir)
	return c, errors.Join(err, done())
}
