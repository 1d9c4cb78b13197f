package direct

import (
	"crypto/ed25519"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// world is a sector of four members and the people of a test.
type world struct {
	people []hub.Person
	keys   map[string]ed25519.PrivateKey
}

func (w *world) Person(id string) (hub.Person, bool) {
	for _, p := range w.people {
		if p.ID == id {
			return p, true
		}
	}
	return hub.Person{}, false
}
func (w *world) People() []hub.Person { return w.people }
func (w *world) Organisation(id string) (hub.Organisation, bool) {
	return hub.Organisation{ID: id, Member: id != "outside"}, slices.Contains([]string{"victim", "a", "b", "outside"}, id)
}
func (w *world) TermsOf(string) (review.Terms, bool) { return review.Terms{}, false }

func newWorld() *world {
	w := &world{keys: map[string]ed25519.PrivateKey{}}
	for id, who := range map[string]hub.Person{
		"reporter": {Org: "victim", Roles: []hub.Role{hub.Reporter}}, "reader": {Org: "victim", Roles: []hub.Role{hub.Reader}},
		"sec-1": {Org: "hub", Roles: []hub.Role{hub.Secretariat}}, "sec-2": {Org: "hub", Roles: []hub.Role{hub.Secretariat}},
		"other": {Org: "a", Roles: []hub.Role{hub.Reporter, hub.Secretariat}}, "third": {Org: "b", Roles: []hub.Role{hub.Reporter}},
	} {
		seed := hub.Sum([]byte(id))
		key := ed25519.NewKeyFromSeed(seed[:])
		who.ID, who.Key = id, key.Public().(ed25519.PublicKey)
		w.people, w.keys[id] = append(w.people, who), key
	}
	return w
}

func (w *world) who(id string) hub.Person { p, _ := w.Person(id); return p }

func (w *world) sign(id string, p review.Purpose, n Notice) review.Signed {
	return review.Signed{Person: id, Signature: ed25519.Sign(w.keys[id], review.SigningBytes(p, n.Digest()))}
}

var now = time.Date(2026, 11, 3, 4, 5, 6, 0, time.UTC)

// do folds an event that must have been given.
func do(t *testing.T, n *Notice, e Event, err error) {
	t.Helper()
	if err == nil {
		err = n.Apply(e)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func draft() Draft {
	return Draft{ID: "x", Victim: "victim", Text: "the vendor's line was the way in", To: []Recipient{{Member: "a"}, {Words: "a vendor, 03-0000-0000"}}}
}

func TestANoticeNeedsTheVictimAndTwoPeople(t *testing.T) {
	w := newWorld()
	var n Notice
	e, err := Write(now, w.who("sec-1"), draft(), w)
	do(t, &n, e, err)
	refused := func(want hub.ErrorKind, e Event, err error) {
		t.Helper()
		if hub.KindOf(err) != want || e.Kind != "" {
			t.Errorf("got %v (%s), want %s", err, hub.KindOf(err), want)
		}
	}
	for who, as := range map[string]string{"sec-1": "secretariat", "reporter": "victim", "reader": "", "other": "", "third": ""} {
		if got := n.Reads(w.who(who)); got != as {
			t.Errorf("before it is sent %s reads it as %q", who, got)
		}
	}
	e, err = n.Send(now, w.sign("sec-1", ToSend, n), w)
	refused(hub.Conflict, e, err) // nobody has consented
	for _, who := range []string{"reader", "other", "sec-1"} {
		e, err = n.Agree(now, w.sign(who, ToConsent, n), w)
		refused(hub.NotFound, e, err)
	}
	e, err = n.Agree(now, w.sign("reporter", ToSend, n), w) // for something else
	refused(hub.Unsigned, e, err)
	changed := n
	changed.To = append(slices.Clone(n.To), Recipient{Member: "b"})
	e, err = n.Agree(now, w.sign("reporter", ToConsent, changed), w) // to other recipients
	refused(hub.Unsigned, e, err)
	e, err = n.Agree(now, w.sign("reporter", ToConsent, n), w)
	do(t, &n, e, err)
	for _, who := range []string{"other", "reporter"} { // the role, but not of the hub; neither
		e, err = n.Send(now, w.sign(who, ToSend, n), w)
		refused(hub.Forbidden, e, err)
	}
	e, err = n.Send(now, w.sign("sec-1", ToSend, n), w)
	do(t, &n, e, err)
	e, err = n.Send(now, w.sign("sec-1", ToSend, n), w)
	refused(hub.Conflict, e, err)
	late := n
	late.Text = "another text" // as if the log were forged
	e, err = late.Send(now, w.sign("sec-2", ToSend, late), w)
	refused(hub.Unsigned, e, err) // the first one's signature isn't over it
	late.Senders = nil
	e, err = late.Send(now, w.sign("sec-2", ToSend, late), w)
	refused(hub.Forbidden, e, err) // nor is the consent
	e, err = n.Hand(now, w.who("sec-1"), 1)
	refused(hub.Conflict, e, err)
	e, err = n.Send(now, w.sign("sec-2", ToSend, n), w)
	do(t, &n, e, err)
	if n.State != Sent || n.Reads(w.who("other")) != "recipient" || n.Reads(w.who("third")) != "" {
		t.Errorf("it is %s", n.State)
	}
	e, err = n.Refuse(now, w.who("reporter"))
	refused(hub.Conflict, e, err) // what is read can't be taken back
	e, err = n.Hand(now, w.who("sec-1"), 0)
	refused(hub.Conflict, e, err) // a member reads it herself
	e, err = n.Hand(now, w.who("sec-1"), 1)
	do(t, &n, e, err)
	again, err := Fold(n.Record)
	if err != nil || !reflect.DeepEqual(again, n) {
		t.Errorf("the record doesn't give the same notice: %v", err)
	}
}

func TestConsentIsTakenBack(t *testing.T) {
	w := newWorld()
	var n Notice
	e, err := Write(now, w.who("sec-1"), draft(), w)
	do(t, &n, e, err)
	e, err = n.Agree(now, w.sign("reporter", ToConsent, n), w)
	do(t, &n, e, err)
	e, err = n.Send(now, w.sign("sec-1", ToSend, n), w)
	do(t, &n, e, err)
	e, err = n.Refuse(now, w.who("reporter"))
	do(t, &n, e, err)
	if _, err := n.Send(now, w.sign("sec-2", ToSend, n), w); hub.KindOf(err) != hub.Conflict {
		t.Errorf("it is sent all the same: %v", err)
	}
	if err := n.Apply(Event{Kind: Signed}); err == nil {
		t.Error("a signature after the end was folded")
	}
}

func TestWhatIsNoNotice(t *testing.T) {
	w := newWorld()
	for name, change := range map[string]func(*Draft){
		"no text":            func(d *Draft) { d.Text = " " },
		"too long":           func(d *Draft) { d.Text = strings.Repeat("x", longest+1) },
		"nobody's":           func(d *Draft) { d.Victim = "nobody" },
		"of no member":       func(d *Draft) { d.Victim = "outside" },
		"to nobody":          func(d *Draft) { d.To = nil },
		"to the victim":      func(d *Draft) { d.To = []Recipient{{Member: "victim"}} },
		"to one twice":       func(d *Draft) { d.To = []Recipient{{Member: "a"}, {Member: "a"}} },
		"to an outsider":     func(d *Draft) { d.To = []Recipient{{Member: "outside"}} },
		"to a strange id":    func(d *Draft) { d.To = []Recipient{{Member: "zz"}} },
		"to nobody in words": func(d *Draft) { d.To = []Recipient{{}} },
	} {
		d := draft()
		change(&d)
		if _, err := Write(now, w.who("sec-1"), d, w); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Write(now, w.who("other"), draft(), w); hub.KindOf(err) != hub.Forbidden {
		t.Errorf("a member writes one: %v", err)
	}
}
