package conveyor

import (
	"context"
	"encoding/json"
	"time"

	"isac/hub"
	"isac/hub/deliver"
)

// answerCase answers a member's machine: this week's key, the bare state of the case
// behind one of its receipts, the ledger, or the keys of alerts.
func (v *Conveyor) answerCase(user string, data []byte) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	a, err := v.caseAnswer(ctx, user, data)
	a.Refused = hub.RefusalOf(err)
	v.logRequest("case", err)
	return encode(a)
}

func (v *Conveyor) caseAnswer(ctx context.Context, user string, data []byte) (a deliver.CaseAnswer, err error) {
	org, ok := v.Roster.MemberOf(user, v.Now())
	if !ok {
		return a, hub.E(hub.Forbidden, "intake.not-member")
	}
	var q deliver.CaseRequest
	if len(data) > 4096 || json.Unmarshal(data, &q) != nil {
		return a, hub.E(hub.Invalid, "http.bad-body")
	}
	switch q.Ask {
	case "card":
		a.Card, err = v.card()
	case "status":
		a.Status, err = v.status(ctx, org.ID, q.Receipt)
	case "ledger":
		a.Ledger, err = v.ledgerAnswer(ctx, q.Ledger)
	case "keys":
		a.Keys = v.Roster.Steps() // also one that another node made
	default:
		err = hub.E(hub.Invalid, "http.bad-body")
	}
	return a, err
}

// card is this week's key, signed by the key of alerts. It is kept: reports are taken while a
// signer is away.
func (v *Conveyor) card() (*deliver.Card, error) {
	name, recipient, err := v.Ring.Epoch(v.Now())
	if err != nil {
		return nil, err
	}
	if kept := v.carded.Load(); kept != nil && kept.Recipient == recipient && kept.Verify(v.Ring.AlertKey()) == nil {
		return kept, nil
	}
	c := &deliver.Card{Epoch: name, Recipient: recipient}
	c.Signature, err = v.Ring.SignAlert(c.SigningBytes())
	if err != nil {
		return nil, err
	}
	v.carded.Store(c)
	return c, nil
}

// status tells the state of a case by receipt; another member's receipt is unknown.
func (v *Conveyor) status(ctx context.Context, member, receipt string) (json.RawMessage, error) {
	id, err := v.linked(ctx, v.Ring.LinkName("receipt", receipt))
	if err != nil {
		return nil, err
	}
	f, err := v.opened(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.fold.Member() != member {
		return nil, hub.E(hub.NotFound, "error.not-found")
	}
	return encode(f.fold.Status()), nil
}

// pageEntries bounds how many entries are read for one page.
const pageEntries = 200

// answerCatchup answers with the entries after the number that the member holds.
func (v *Conveyor) answerCatchup(user string, data []byte) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	page, err := v.catchup(ctx, user, data)
	v.logRequest("catchup", err)
	if err != nil {
		return encode(deliver.CatchupResponse{Refused: hub.RefusalOf(err)})
	}
	return encode(page)
}

func (v *Conveyor) catchup(ctx context.Context, user string, data []byte) (deliver.CatchupResponse, error) {
	var none deliver.CatchupResponse
	_, ok := v.Roster.MemberOf(user, v.Now())
	if !ok {
		return none, hub.E(hub.Forbidden, "intake.not-member")
	}
	var q deliver.CatchupRequest
	if len(data) > 4096 || json.Unmarshal(data, &q) != nil {
		return none, hub.E(hub.Invalid, "http.bad-body")
	}
	return v.page(ctx, q.After)
}

// page returns the entries after a number, once the view has all that was sent live:
// a member that is told less than it has seen must think that the hub's past was
// changed.
func (v *Conveyor) page(ctx context.Context, after uint64) (deliver.CatchupResponse, error) {
	err := v.heardAll(ctx)
	if err != nil {
		return deliver.CatchupResponse{}, err
	}
	for range 100 {
		entries, last, err := v.Entries(ctx, after, pageEntries)
		if err != nil {
			return deliver.CatchupResponse{}, err
		}
		if last >= v.head.last.Load() {
			return deliver.Page(entries, last), nil
		}
		v.changed()
		wait(ctx, 20*time.Millisecond)
	}
	return deliver.CatchupResponse{}, hub.E(hub.Unavailable, "error.unavailable")
}
