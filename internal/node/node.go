// Package node is one running hub: it opens the data folder, starts NATS, the
// conveyor, the views and the HTTP face, and stops them in order. The commands
// serve and demo and the tests run the same node.
//
// It trusts its data folder, which one node at a time may use.
//
//	n, err := node.Start(ctx, node.Config{Dir: dir, Profile: profile.HealthcareJP(), …})
//	defer n.Close()
package node

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/analysis"
	"isac/hub/feedback"
	"isac/hub/notice"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/shelf"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/hub/warning"
	"isac/internal/ballot"
	"isac/internal/conveyor"
	"isac/internal/finder"
	"isac/internal/helpdesk"
	"isac/internal/httpx"
	"isac/internal/keyring"
	"isac/internal/locale"
	"isac/internal/machine"
	"isac/internal/mail"
	"isac/internal/member"
	"isac/internal/metrics"
	"isac/internal/natsbus"
	"isac/internal/notebook"
	"isac/internal/notify"
	"isac/internal/office"
	"isac/internal/overview"
	"isac/internal/peers"
	"isac/internal/postbox"
	"isac/internal/projection"
	"isac/internal/reading"
	"isac/internal/roster"
	"isac/internal/signin"
	"isac/internal/store"
	"isac/internal/upstream"
	"isac/internal/webhook"
	"isac/internal/webui"
)

// Config says how a node runs. Dir, Profile, Validator and Log must be set.
type Config struct {
	Dir        string
	NATSAddr   string      // of the embedded server, "127.0.0.1:0" for any port
	NATSURL    string      // an external server instead
	NATSTLS    *tls.Config // of the embedded server
	NATSPublic string      // NATS as members reach it; from the address when ""

	NATSWebsocket   string // the embedded server listens here too; "" for not
	NATSLeaf        string // and here, for servers of members' own
	WebsocketPublic string // as members reach it, "wss://hub.example.jp"; from the address when ""

	CA     []byte      // PEM that members and the hub trust in place of the system's roots
	Listen string      // HTTP, "" for none
	TLS    *tls.Config // HTTP, nil is plain
	// ClientCertificates is the server name at which TLS asks for a client certificate,
	// "*" for every one, "" for none.
	ClientCertificates string
	Providers          []signin.Provider // identity providers of organisations
	Mail               *mail.Server      // by which notices go out; none do when nil
	Webhooks           webhook.Settings  // where members' programs may be
	Upstreams          []upstream.Source // who publishes what is passed on
	Private            string            // metrics, for the operator alone; "" for none
	BaseURL            string            // as members see it; from Listen when ""
	Name               string            // of the hub, as creator of alerts
	Profile            *profile.Profile
	Validator          *validate.Validator
	Warnings           *warning.Lists    // the hub's own table when nil
	Library            *analysis.Library // of the sentences; the embedded one when nil
	Shelf              *shelf.Shelf      // the program's when nil
	Font               *paper.Font       // of PDF and PNG, which there aren't when nil
	Signer             string            // Unix socket of the agent that holds the alert key; "" for the folder of keys
	Aside              bool              // a command's, beside no running hub: it makes no alert key and asks no signer
	Memory             int64             // the most that the process may have, in bytes; 0 for as much as it takes
	Rate               int               // requests a second that one credential may send; 10,000 when 0
	Exercise           *webui.Exercise   // what is played; nil for a hub that is real

	// Socket is between the two parts of a hub (internal/parts), "" for one that is whole.
	// Peers are the users who may be at the other end.
	Socket string
	Peers  []uint32

	Clocks *review.Clocks // the profile's when nil
	Tick   time.Duration  // 5 s when 0
	Now    func() time.Time
	Log    *slog.Logger
}

// Node is a running hub.
type Node struct {
	Config
	Bus      *natsbus.Bus
	Ring     *keyring.Ring
	Roster   *roster.Roster
	peers    *peers.Peers   // nil where no other node can be
	lease    *natsbus.Lease // the same
	Desk     *conveyor.Conveyor
	Ballot   *ballot.Box
	Office   *office.Office
	Machines *machine.Machines
	Help     *helpdesk.Box
	Postbox  *postbox.Box
	Public   *store.Public
	Sealed   *store.Private
	Metrics  *metrics.Set
	Signin   *signin.Signin // nil where HTTP isn't served
	operator *http.Server
	view     *projection.Projection
	overview *overview.Overview
	finder   *finder.Finder
	reading  *reading.Room
	searches *store.Searches
	outbox   *store.Outbox
	Notices  *notify.Notifier
	Upstream *upstream.Fetcher
	book     *notebook.Book
	begun    *store.Searches
	drafts   *notebook.Drafts
	sessions *store.Sessions
	live     httpx.Live
	listener net.Listener
	server   *http.Server
	moved    chan struct{}
	overdue  overdue
	stop     context.CancelFunc
	done     sync.WaitGroup
	folder   *folder
}

// Start opens everything and returns when the node is ready for members.
func Start(ctx context.Context, c Config) (*Node, error) {
	n := &Node{Config: c.withDefaults(), Metrics: metrics.New(), moved: make(chan struct{}, 1)}
	err := n.start(ctx)
	if err != nil {
		n.Close()
		return nil, orFull(n.Dir, err)
	}
	return n, nil
}

// orFull explains an error that isn't explained yet by a full disk, where it is full.
func orFull(dir string, err error) error {
	full := natsbus.Room(dir)
	if hub.KindOf(err) != hub.Internal || full == nil {
		return err
	}
	return &hub.Error{Kind: hub.Unavailable, Text: hub.RefusalOf(full).Text, Err: err}
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Tick == 0 {
		c.Tick = 5 * time.Second
	}
	if c.NATSAddr == "" {
		c.NATSAddr = "127.0.0.1:0"
	}
	if c.Name == "" {
		c.Name = "ISAC hub"
	}
	if c.Clocks == nil {
		k := Clocks(c.Profile.Clocks)
		c.Clocks = &k
	}
	return c
}

func (n *Node) start(ctx context.Context) (err error) {
	n.folder, err = openFolder(n.Dir, n.NATSURL != "", n.Exercise != nil, n.Now())
	if err == nil && !n.Aside {
		err = n.fits(&register.Register{}) // before anything takes memory
	}
	if err != nil {
		return err
	}
	n.Bus, err = natsbus.Start(ctx, natsbus.Options{Dir: n.Dir, Addr: n.NATSAddr, URL: n.NATSURL, TLS: n.NATSTLS, CA: pool(n.CA), Websocket: n.NATSWebsocket, Leaf: n.NATSLeaf})
	if err != nil {
		return err
	}
	n.Roster, err = roster.Open(ctx, n.Bus)
	if err != nil {
		return err
	}
	err = n.openRing(ctx)
	if err != nil {
		return err
	}
	if n.Bus.Shared() {
		n.peers, err = peers.Start(ctx, peers.Config{Bus: n.Bus, Ring: n.Ring, Now: n.Now, Log: n.Log})
		if err != nil {
			return err
		}
		n.lease = n.Bus.NewLease("clock")
	}
	err = n.bound()
	if err != nil {
		return err
	}
	err = n.openViews(ctx)
	if err != nil {
		return err
	}
	err = n.listen()
	if err != nil {
		return err
	}
	return n.run()
}

func pool(ca []byte) *x509.CertPool {
	if len(ca) == 0 {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return pool
}

// MemberURL is where members' clients find NATS.
func (n *Node) MemberURL() string {
	if n.NATSPublic != "" {
		return n.NATSPublic
	}
	return n.Bus.URL()
}

func (n *Node) openViews(ctx context.Context) (err error) {
	n.Public, err = store.OpenPublic(filepath.Join(n.Dir, "public.db"), store.Synced)
	if err != nil {
		return err
	}
	n.Sealed, err = store.OpenPrivate(filepath.Join(n.Dir, "private.db"), store.Synced)
	if err != nil {
		return err
	}
	n.sessions, err = store.OpenSessions(filepath.Join(n.Dir, "sessions.db"))
	if err != nil {
		return err
	}
	n.searches, err = store.OpenSearches(filepath.Join(n.Dir, "searches.db"))
	if err != nil {
		return err
	}
	n.book = notebook.New(n.searches, n.Ring)
	err = n.book.KeepOnly(ctx, n.Roster.People())
	if err != nil {
		return err
	}
	n.begun, err = store.OpenSearches(filepath.Join(n.Dir, "drafts.db"))
	if err != nil {
		return err
	}
	n.drafts = notebook.NewDrafts(n.begun, n.Ring, n.Now)
	n.outbox, err = store.OpenOutbox(filepath.Join(n.Dir, "outbox.db"))
	if err != nil {
		return err
	}
	n.overview = overview.New(n.Public)
	n.view = projection.New(n.Bus, n.Public, n.Sealed)
	return n.view.CatchUp(ctx)
}

// run starts the conveyor and waits until it is ready.
func (n *Node) run() error {
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.Desk = conveyor.New(n.conveyorConfig())
	n.Ballot = ballot.New(ballot.Config{
		Bus: n.Bus, Ring: n.Ring, Roster: n.Roster, Public: n.Public, Rules: Rules(n.Profile), Now: n.Now, Log: n.Log, Tick: n.Tick,
		Count: n.Metrics.Request, Changed: n.change,
	})
	n.Help = helpdesk.New(helpdesk.Config{Bus: n.Bus, Ring: n.Ring, Profile: n.Profile, Now: n.Now, Log: n.Log})
	n.Postbox = postbox.New(postbox.Config{Bus: n.Bus, Ring: n.Ring, Roster: n.Roster, Now: n.Now, Log: n.Log})
	err := n.Ballot.Start(ctx)
	if err != nil {
		return err
	}
	n.Office = office.New(office.Config{
		Bus: n.Bus, Roster: n.Roster, Public: n.Public, Metrics: n.Metrics, Profile: n.Profile, Pages: n.PagesURL(), Now: n.Now,
		Hub: n.memberHub,
	})
	n.Machines = machine.New(machine.Config{Roster: n.Roster, Ring: n.Ring, Sessions: n.sessions, Hub: n.memberHub, Now: n.Now})
	n.finder = finder.New(n.Public, n.Desk.Vocabulary())
	n.reading = reading.New(reading.View{Public: n.Public, Overview: n.overview, Finder: n.finder}, n.Desk.Vocabulary(), n.Roster.Sees)
	n.Notices = notify.New(notify.Config{
		Outbox: n.outbox, Ring: n.Ring, Roster: n.Roster, Public: n.Public, Calendar: notice.CalendarOf(n.Profile), Library: n.library(), Words: n.words(),
		Server: n.Mail, Hooks: webhook.New(n.Webhooks), Now: n.Now, Tick: n.Tick, Log: n.Log, Quiet: n.quiet, Count: n.Metrics.Request, Families: n.families,
	})
	err = n.Notices.KeepOnly(ctx)
	if err != nil {
		return err
	}
	n.Upstream = upstream.New(upstream.Config{
		Sources: n.Upstreams, Vocab: n.Desk.Vocabulary, Take: n.Desk.TakeAdvisory, Cursor: n.Desk.Cursor, Keep: n.Desk.KeepCursor, Now: n.Now, Log: n.Log,
	})
	if n.Bus.Shared() {
		n.Upstream.Leads = n.lease.Held
		n.done.Go(func() { n.peers.Run(ctx) })
		n.done.Go(func() { n.lease.Run(ctx) })
		n.done.Go(func() {
			n.Roster.Follow(ctx, func(err error) { n.Log.Warn("roster not followed", "class", string(hub.KindOf(err))) })
		})
	}
	ready, failed := make(chan struct{}), make(chan error, 1)
	n.done.Go(func() { failed <- n.Desk.Run(ctx, ready) })
	n.done.Go(func() { n.Ballot.Run(ctx) })
	n.done.Go(func() { n.Help.Run(ctx, n.Tick) })
	n.done.Go(func() { n.drafts.Run(ctx, n.Tick, n.members, n.Log) })
	n.done.Go(func() { n.Notices.Run(ctx) })
	n.done.Go(func() { n.tend(ctx) })
	n.done.Go(func() { n.Upstream.Run(ctx) })
	go n.viewLoop(ctx)
	select {
	case <-ready:
		n.serveHTTP()
		return nil
	case err := <-failed:
		return err
	}
}

// memberHub is what credentials files say of the hub from now on.
func (n *Node) memberHub() member.Hub {
	return member.Hub{
		URL: n.MemberURL(), Websocket: cmp.Or(n.WebsocketPublic, n.Bus.Websocket()), AlertKey: n.Ring.AlertKey(), ReceiptKey: n.Ring.ReceiptKey(), CA: string(n.CA),
	}
}

// families are the ids of the product families of now.
func (n *Node) families() []string {
	var out []string
	for _, e := range n.Desk.Vocabulary().Entries(hub.Product) {
		out = append(out, e.ID)
	}
	return out
}

// members are the ids of the members of now.
func (n *Node) members() []string {
	list, _ := n.Roster.List()
	var out []string
	for _, m := range list.Members() {
		out = append(out, m.ID)
	}
	return out
}

func (n *Node) conveyorConfig() conveyor.Config {
	c := conveyor.Config{
		Bus: n.Bus, Ring: n.Ring, Roster: n.Roster, Profile: n.Profile, Validator: n.Validator, Warnings: n.Warnings, Library: n.Library,
		Clocks: *n.Clocks, BaseURL: n.BaseURL, Now: n.Now, Random: rand.Reader, Log: n.Log, Tick: n.Tick,
		Hub: release.Identity{
			ID:   stix.NameID("identity", "hub "+hex.EncodeToString(n.Ring.Line().First())), // whatever key it has now
			Name: n.Name, Created: n.folder.created, Exercise: n.Exercise != nil,
		},
		Forms: func(bundle []byte) ([][]byte, []string, error) { return n.words().Forms(n.library(), bundle) },
		Known: n.known, Reach: n.view.Reach, World: n.world, Entries: n.Entries, Changed: n.change,
		Sources: n.sources, Updates: Rules(n.Profile), Told: n.Public.Told, Moved: n.movedIndicators,
		Count: n.Metrics.Request, Released: n.Metrics.Released, Due: n.Metrics.Due,
	}
	if n.Bus.Shared() {
		c.Leads, c.Sync, c.Others = n.lease.Held, n.peers.Sync, n.peers.Others
	}
	return c
}

// sources tells how the sources of advisories were last read.
func (n *Node) sources(ctx context.Context) ([]advisory.SourceState, error) {
	if n.Upstream == nil { // it begins after the desk
		return nil, nil
	}
	return n.Upstream.States(ctx)
}

// words put notices into words.
func (n *Node) words() notice.Writer {
	return notice.Writer{Words: locale.Text, Zone: n.Profile.Clocks.Location(), Base: n.PagesURL(), Hub: n.Name}
}

// library is that of the sentences of alerts.
func (n *Node) library() *analysis.Library {
	if n.Library == nil {
		return analysis.Default()
	}
	return n.Library
}

// Close stops everything, newest first.
func (n *Node) Close() error {
	var errs []error
	if n.operator != nil {
		errs = append(errs, n.operator.Close())
	}
	if n.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		errs = append(errs, n.server.Shutdown(ctx))
		cancel()
	}
	if n.stop != nil {
		n.stop()
		n.done.Wait()
	}
	if n.Bus != nil {
		n.Bus.Close()
	}
	if n.reading != nil {
		errs = append(errs, n.reading.Close())
	}
	if n.Public != nil {
		errs = append(errs, n.Public.Close())
	}
	if n.Sealed != nil {
		errs = append(errs, n.Sealed.Close())
	}
	if n.sessions != nil {
		errs = append(errs, n.sessions.Close())
	}
	if n.searches != nil {
		errs = append(errs, n.searches.Close())
	}
	if n.begun != nil {
		errs = append(errs, n.begun.Close())
	}
	if n.outbox != nil {
		errs = append(errs, n.outbox.Close())
	}
	if n.folder != nil {
		errs = append(errs, n.folder.close())
	}
	return errors.Join(errs...)
}

// Clocks are a profile's clocks in the form of the case machine.
func Clocks(c profile.Clocks) review.Clocks {
	list := func(in []profile.Duration) []time.Duration {
		var out []time.Duration
		for _, d := range in {
			out = append(out, time.Duration(d))
		}
		return out
	}
	return review.Clocks{
		Draft: time.Duration(c.Draft), FlashTarget: time.Duration(c.FlashTarget), FlashLimit: time.Duration(c.FlashLimit),
		FullLimit: time.Duration(c.FullLimit), ReleaseJitter: time.Duration(c.ReleaseJitter),
		ConsentReminders: list(c.ConsentReminders), ApprovalReminders: list(c.ApprovalReminders),
		Emergency: time.Duration(c.Emergency), EmergencyReview: time.Duration(c.EmergencyReview), Retention: time.Duration(c.Retention),
		LinkRetention: time.Duration(c.LinkRetention), NextSlot: c.NextSlot,
	}
}

// Rules are a profile's, of how indicators follow what is told and their age.
func Rules(p *profile.Profile) feedback.Rules {
	u := p.Updates
	return feedback.Rules{K: p.K, Grace: u.Grace.Std(), Slow: u.Slow, Every: u.Every.Std(), Step: u.Step}
}

// listenError says what to do about an address that can't be listened on.
func listenError(err error) error {
	return &hub.Error{Kind: hub.Unavailable, Text: "node.port-in-use", Err: fmt.Errorf("listening: %w", err)}
}
