package release

import (
	"errors"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// Identity is the hub as the creator of everything it releases. ID is one for the
// life of the hub; Created never changes.
type Identity struct {
	ID      string // "identity--<UUID>"
	Name    string
	Created time.Time
	// Exercise says that nothing it releases is real.
	Exercise bool
}

// Params are what a release needs besides the approved draft.
type Params struct {
	Number         uint64     // of this entry, consecutive from 1
	Previous       hub.Digest // of the bundle with Number-1; zero for the first
	PreviousID     string     // its alert id; "" for the first
	Published      time.Time
	FirstNumber    uint64    // of the alert's first version; Number for a new alert
	FirstPublished time.Time // of the alert's first version; Published for a new alert
	Kind           hub.AlertKind
	TLP            hub.TLP
	Marks          []string        // keys of the draft's suggestions that aren't of one victim alone, besides those that were accepted
	Related        []deliver.Entry // newest versions of the alerts of which alone the draft was made
	Hub            Identity
	BaseURL        string // "https://hub.example.jp", no final slash
	Vocab          *vocab.Vocab
	// Updates are how indicators follow answers and age, and Told what is told of one by
	// its STIX id; nil tells nothing.
	Updates feedback.Rules
	Told    func(id string) []feedback.Count
	// Forms write what else is sent of the bundle; nil writes nothing.
	Forms Forms
	// Known returns a lasting object (see Lasting) of the released log by id, in its
	// newest version; nil knows none. The object is not changed.
	Known func(id string) (stix.Object, bool)
}

// told is what is told of an indicator.
func (p Params) told(id string) []feedback.Count {
	if p.Told == nil {
		return nil
	}
	return p.Told(id)
}

// check refuses params that would give an entry which no client accepts.
func (p Params) check(version int) error {
	first := p.Number == 1
	id, err := stix.ParseID(p.Hub.ID)
	switch {
	case p.Number == 0 || first != p.Previous.IsZero() || first != (p.PreviousID == ""):
		return errors.New("no place in the log")
	case p.FirstNumber == 0 || p.FirstNumber > p.Number || (version == 1) != (p.FirstNumber == p.Number):
		return errors.New("no number of the first version")
	case p.Published.IsZero() || p.FirstPublished.IsZero():
		return errors.New("no time")
	case version == 1 && !p.FirstPublished.Equal(p.Published), version > 1 && !p.instant().After(p.FirstPublished):
		return errors.New("not after the first version")
	case err != nil || id.Type != "identity" || p.Hub.Name == "" || p.Hub.Created.IsZero() || p.Hub.Created.After(p.Published):
		return errors.New("no identity of the hub")
	case !strings.HasPrefix(p.BaseURL, "http") || strings.HasSuffix(p.BaseURL, "/"):
		return errors.New("no address of the hub")
	case p.Vocab == nil:
		return errors.New("no vocabulary")
	}
	return nil
}
