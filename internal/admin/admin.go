// Package admin is what the operator does to a hub: import the sector list, issue
// and revoke credentials, put people on the roster, take joining terms, divide the
// members into cells. A running hub offers it on a Unix socket in its data folder,
// which only the folder's owner can reach; without a running hub the folder is opened
// directly.
//
// It trusts whoever may open the data folder.
//
//	reply, err := admin.Ask(ctx, dir, admin.Request{Op: "credentials", ID: "SYN00042"})
package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"isac/hub"
	"isac/hub/feedback"
	"isac/hub/review"
	"isac/hub/succession"
	"isac/hub/vocab"
	"isac/internal/doctor"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/roster"
)

// Request is one operation; which fields count depends on Op: "import" (CSV),
// "list", "credentials" (ID), "revoke" (ID), "person" (ID, Roles, Key, Desk), "invite"
// (ID), "gone" (ID), "card" (ID, Count), "uncard" (ID), "terms" (Terms), "exploited" (CSV, though JSON), "attack" (the same), "unfixed" (CVEs; nil asks),
// "partition-build", "partition-show", "partition-check", "pulse", "log", "health", "keys",
// "rotate" (In, Lost).
type Request struct {
	Op    string     `json:"op"`
	ID    string     `json:"id,omitempty"`
	CSV   []byte     `json:"csv,omitempty"`
	CVEs  []string   `json:"cves"`
	Roles []hub.Role `json:"roles,omitempty"`
	Key   []byte     `json:"key,omitempty"`
	Desk  string     `json:"desk,omitempty"`
	// Partner is for whom a relay partner is, and what it is given.
	Partner *hub.Partner  `json:"partner,omitempty"`
	Count   int           `json:"count,omitempty"`
	Terms   *review.Terms `json:"terms,omitempty"`
	In      string        `json:"in,omitempty"`   // where the next key of alerts is: keyring.Folder, a socket, "" for where it was
	Lost    bool          `json:"lost,omitempty"` // the one in use can't sign any more
}

// Reply answers a Request.
type Reply struct {
	Organisations int                 `json:"organisations,omitempty"`
	Members       []Member            `json:"members,omitempty"`
	Credentials   []byte              `json:"credentials,omitempty"`
	Count         int                 `json:"count,omitempty"`
	Person        string              `json:"person,omitempty"`
	Token         string              `json:"token,omitempty"`
	Version       string              `json:"version,omitempty"` // of a published list
	CVEs          []string            `json:"cves,omitempty"`
	Invitation    string              `json:"invitation,omitempty"` // address of the page that makes the first passkey
	API           string              `json:"api,omitempty"`        // where the token is good for, when it is known
	Card          *Card               `json:"card,omitempty"`
	Partition     *Partition          `json:"partition,omitempty"`
	CSV           []byte              `json:"csv,omitempty"` // the answers of pulses
	Log           *natsbus.Attachment `json:"log,omitempty"` // how the log is reached
	Health        *doctor.Inside      `json:"health,omitempty"`
	Line          *succession.Line    `json:"line,omitempty"` // of the keys of alerts
	Refused       *hub.Refusal        `json:"refused,omitempty"`
}

// Member is a member in a list: nothing about what it does.
type Member struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Keys int    `json:"keys"` // valid machine credentials
}

// Card is what is printed for a member, once.
type Card struct {
	Codes     []string  `json:"codes"`
	Page      string    `json:"page"`
	Telephone string    `json:"telephone,omitempty"`
	Expires   time.Time `json:"expires"`
}

// Do carries out a request on a node.
func Do(ctx context.Context, n *node.Node, q Request) (Reply, error) {
	now := n.Now()
	switch q.Op {
	case "import":
		err := n.Office.Import(ctx, roster.Operator, q.CSV)
		if err != nil {
			return Reply{}, err
		}
		return listed(n), nil
	case "list":
		return listed(n), nil
	case "credentials":
		file, err := n.Office.Issue(ctx, roster.Operator, q.ID)
		return Reply{Credentials: file}, err
	case "revoke":
		count, err := n.Office.Revoke(ctx, roster.Operator, q.ID)
		return Reply{Count: count}, err
	case "card":
		codes, expires, err := n.Roster.IssueCard(ctx, q.ID, q.Count, now)
		return Reply{Card: &Card{Codes: codes, Page: n.PagesURL() + "/first", Telephone: n.Profile.Telephone, Expires: expires}}, err
	case "uncard":
		count, err := n.Roster.RevokeCards(ctx, q.ID)
		return Reply{Count: count}, err
	case "person":
		p, token, err := n.Office.AddPerson(ctx, roster.Operator, q.ID, q.Roles, q.Desk, q.Key)
		if err == nil && q.Partner != nil {
			err = n.Roster.SetPartner(ctx, p.ID, *q.Partner)
		}
		return Reply{Person: p.ID, Token: token, API: n.BaseURL}, err
	case "invite":
		address, err := n.Office.Invite(ctx, roster.Operator, q.ID)
		return Reply{Invitation: address}, err
	case "exploited":
		list, err := vocab.ReadExploited(q.CSV)
		if err != nil {
			return Reply{}, err
		}
		return Reply{Count: len(list.CVEs), Version: list.Version}, n.Roster.SetExploited(ctx, list)
	case "attack":
		a, err := vocab.ReadAttack(q.CSV)
		if err != nil {
			return Reply{}, err
		}
		return Reply{Count: len(a.Techniques), Version: a.Version}, n.Roster.SetAttack(ctx, a)
	case "unfixed":
		return unfixed(ctx, n, q.CVEs)
	case "pulse":
		told, err := n.Public.Told(ctx, "")
		if err != nil {
			return Reply{}, err
		}
		var table bytes.Buffer
		err = feedback.PulseCSV(&table, told)
		return Reply{CSV: table.Bytes()}, err
	case "health":
		in, err := n.Health(ctx)
		return Reply{Health: &in}, err
	case "keys":
		return line(n), nil
	case "rotate":
		err := n.Desk.RotateKey(ctx, q.In, q.Lost)
		return line(n), err
	case "log":
		a, err := n.Bus.Attachment()
		return Reply{Log: &a}, err
	case "gone":
		return Reply{}, n.Office.RemovePerson(ctx, roster.Operator, q.ID)
	case "terms":
		return Reply{}, setTerms(ctx, n, q.Terms)
	case "partition-build", "partition-show", "partition-check":
		return partition(ctx, n, q.Op)
	}
	return Reply{}, hub.E(hub.Invalid, "http.bad-body")
}

// addPerson puts a person on the roster; a helper needs a desk of the profile.
// mostUnfixed bounds a list that people write by hand.
const mostUnfixed = 1000

func unfixed(ctx context.Context, n *node.Node, given []string) (Reply, error) {
	if given == nil {
		return Reply{CVEs: n.Roster.Unfixed()}, nil
	}
	list := []string{}
	for _, one := range given {
		id, ok := vocab.CVE(one)
		if !ok || len(given) > mostUnfixed {
			return Reply{}, hub.E(hub.Invalid, "isacd.no-cve")
		}
		list = append(list, id)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return Reply{CVEs: list}, n.Roster.SetUnfixed(ctx, list)
}

func line(n *node.Node) Reply {
	l := n.Ring.Line()
	if l.Newest() == nil { // a hub that hasn't run yet
		return Reply{}
	}
	return Reply{Line: &l}
}

func listed(n *node.Node) Reply {
	list, _ := n.Roster.List()
	r := Reply{Organisations: list.Len()}
	for _, o := range list.Members() {
		r.Members = append(r.Members, Member{o.ID, o.NameJA, len(n.Roster.ActiveKeys(o.ID, n.Now()))})
	}
	return r
}

func setTerms(ctx context.Context, n *node.Node, t *review.Terms) error {
	if t == nil {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	p, ok := n.Roster.Person(t.Person)
	if !ok || !t.SignedBy(p) {
		return hub.E(hub.Invalid, "review.bad-signature")
	}
	return n.Roster.SetTerms(ctx, *t)
}

func socket(dir string) string { return filepath.Join(dir, "admin.sock") }

// Serve offers the operations of a running node on its socket until ctx ends.
func Serve(ctx context.Context, n *node.Node) error {
	l, err := listenSocket(socket(n.Dir))
	if err == nil {
		err = n.Bus.Offer(ctx, n.Dir)
	}
	if err != nil {
		return fmt.Errorf("offering admin socket: %w", err)
	}
	s := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q Request
		err := json.NewDecoder(io.LimitReader(r.Body, 128<<20)).Decode(&q)
		var reply Reply
		if err == nil {
			reply, err = Do(r.Context(), n, q)
		}
		reply.Refused = hub.RefusalOf(err)
		_ = json.NewEncoder(w).Encode(reply)
	})}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	go func() { _ = s.Serve(l) }() // ends with ctx
	return nil
}

// ErrNoHub says that no hub is running on the folder.
var ErrNoHub = errors.New("no hub is running on this data folder")

// Ask carries out a request on the hub that runs on the folder, or ErrNoHub. Where the answer
// is lost it is a hub.Unavailable that says so: the request may be carried out.
func Ask(ctx context.Context, dir string, q Request) (Reply, error) {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket(dir))
	}}}
	data, err := json.Marshal(q)
	if err != nil {
		return Reply{}, fmt.Errorf("asking the hub: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://hub/", bytes.NewReader(data))
	if err != nil {
		return Reply{}, fmt.Errorf("asking the hub: %w", err)
	}
	w, err := client.Do(r)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return Reply{}, ErrNoHub
	}
	if err != nil {
		return Reply{}, cutOff(err)
	}
	defer w.Body.Close()
	var reply Reply
	err = json.NewDecoder(w.Body).Decode(&reply)
	if err != nil {
		return Reply{}, cutOff(err)
	}
	return reply, reply.Refused.Err()
}

// cutOff is of a question whose answer was lost.
func cutOff(err error) error {
	return &hub.Error{Kind: hub.Unavailable, Text: "isacd.cut-off", Err: fmt.Errorf("asking the hub: %w", err)}
}
