package conveyor

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/sealing"
)

// receivers is how many reports are received at once.
const receivers = 32

// envelope is what goes with a report to the worker, sealed.
type envelope struct {
	Member string    `json:"member"`
	Number string    `json:"number"`
	At     time.Time `json:"at"`
	Plain  bool      `json:"plain,omitempty"` // the report was sent unsealed
	Case   string    `json:"case,omitempty"`  // that it continues, whatever incident it names

	Dictated *review.Dictated `json:"dictated,omitempty"`
}

func (v *Conveyor) serve() error {
	_, err := v.Bus.Serve("isac.report", receivers, v.receive)
	if err != nil {
		return err
	}
	_, err = v.Bus.Serve("isac.case", 4, v.answerCase)
	if err != nil {
		return err
	}
	_, err = v.Bus.Serve("isac.catchup", 4, v.answerCatchup)
	return err
}

// receive answers a report with a receipt once it is on disk, or says why not.
func (v *Conveyor) receive(user string, data []byte) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	receipt, err := v.takeIn(ctx, user, data)
	answer := intake.Answer{Receipt: receipt, Refused: hub.RefusalOf(err)}
	v.logRequest("report", err)
	return encode(answer)
}

func (v *Conveyor) takeIn(ctx context.Context, user string, data []byte) (*intake.Receipt, error) {
	now := v.Now()
	org, ok := v.Roster.MemberOf(user, now)
	if !ok {
		return nil, hub.E(hub.Forbidden, "intake.not-member")
	}
	return v.storeReport(ctx, org.ID, now, data)
}

// ReportBy takes in what a reporter wrote on the hub's own pages or sent by TAXII, where
// the member's machine may be lost: it needs none of the member's credentials.
func (v *Conveyor) ReportBy(ctx context.Context, who hub.Person, report []byte) (*intake.Receipt, error) {
	if !v.MayReport(who) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	receipt, err := v.storeReport(ctx, who.Org, v.Now(), report)
	v.logRequest("report", err)
	return receipt, err
}

// MayReport says whether somebody is a reporter of a member.
func (v *Conveyor) MayReport(who hub.Person) bool {
	org, ok := v.Roster.Organisation(who.Org)
	return ok && org.Member && who.Has(hub.Reporter)
}

// storeReport puts a report of a member on disk and makes its receipt.
func (v *Conveyor) storeReport(ctx context.Context, member string, now time.Time, data []byte) (*intake.Receipt, error) {
	return v.storeEnveloped(ctx, envelope{Member: member, At: now}, data)
}

// storeEnveloped is storeReport where more goes with the report. It gives the number.
func (v *Conveyor) storeEnveloped(ctx context.Context, e envelope, data []byte) (*intake.Receipt, error) {
	err := errors.Join(checkSize(data), v.Bus.Room())
	if err != nil {
		return nil, err
	}
	blank, err := intake.NewReceipt(e.At, v.Random)
	if err != nil {
		return nil, err
	}
	signed := make(chan intake.Receipt, 1)
	go func() { signed <- blank.For(data, v.Ring.SignReceipt) }() // while the disk works
	e.Number = blank.Number
	message, err := v.intakeMessage(e, data)
	if err != nil {
		return nil, err
	}
	err = v.incoming.store(ctx, message)
	if err != nil {
		return nil, err
	}
	receipt := <-signed
	return &receipt, nil
}

// storeIntake is the one synced write that makes receipts true.
func (v *Conveyor) storeIntake(ctx context.Context, message []byte) error {
	_, err := v.Bus.Append(ctx, "intake."+randomName(), 0, nil, message)
	return err
}

func checkSize(data []byte) error {
	if len(data) == 0 {
		return hub.E(hub.Invalid, "intake.empty")
	}
	if len(data) > intake.MaxSealed {
		return hub.E(hub.TooLarge, "intake.too-large")
	}
	return nil
}

// intakeMessage seals the envelope, and a plain report too, to this week's key:
// two byte strings, each with its length before it.
func (v *Conveyor) intakeMessage(e envelope, report []byte) (message []byte, err error) {
	if !sealing.IsSealed(report) {
		e.Plain = true
		report, err = v.sealPlain(e.At, report)
		if err != nil {
			return nil, err
		}
	}
	head, err := v.Ring.SealOwn(e.At, encode(e))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(head)+len(report)+8)
	return appendPart(appendPart(out, head), report), nil
}

func appendPart(message, part []byte) []byte {
	return append(binary.BigEndian.AppendUint32(message, uint32(len(part))), part...)
}

// sealPlain seals a report that was sent as STIX, as its member's client would have.
func (v *Conveyor) sealPlain(now time.Time, report []byte) ([]byte, error) {
	_, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		return nil, err
	}
	_, recipient, err := v.Ring.Epoch(now)
	if err != nil {
		return nil, err
	}
	return sealing.Seal(recipient, report)
}

// intakeParts undoes intakeMessage, of one report or several after one another.
func intakeParts(message []byte) (parts [][]byte, err error) {
	for len(message) > 0 {
		if len(message) < 4 || uint32(len(message)-4) < binary.BigEndian.Uint32(message) {
			return nil, errors.New("opening intake: cut short")
		}
		end := 4 + binary.BigEndian.Uint32(message)
		parts = append(parts, message[4:end])
		message = message[end:]
	}
	if len(parts)%2 != 0 {
		return nil, errors.New("opening intake: cut short")
	}
	return parts, nil
}

// openIntake opens the two parts of one report. An envelope that can't be opened is
// an error of the hub's; a report that can't is the member's, and leaves report nil.
func (v *Conveyor) openIntake(ctx context.Context, sealedHead, sealedReport []byte) (e envelope, report []byte, err error) {
	var head []byte
	err = v.withKeys(ctx, func() (err error) {
		head, err = v.Ring.OpenOwn(sealedHead)
		return err
	})
	if err != nil {
		return e, nil, fmt.Errorf("opening intake: %w", err)
	}
	err = json.Unmarshal(head, &e)
	if err != nil {
		return e, nil, fmt.Errorf("opening intake: %w", err)
	}
	err = v.withKeys(ctx, func() (err error) {
		report, err = v.Ring.OpenReport(sealedReport)
		return err
	})
	if hub.KindOf(err) == hub.Unavailable {
		return e, nil, err
	}
	if err != nil {
		return e, nil, nil // a case all the same: its reporter is told
	}
	return e, report, nil
}

func randomName() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// encode writes what the hub itself made; that can't fail.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("encoding an answer of the hub's own")
	}
	return data
}

// logRequest logs a random id and the class of the result.
func (v *Conveyor) logRequest(what string, err error) {
	class := "ok"
	if err != nil {
		class = string(hub.KindOf(err))
	}
	v.Log.Info("request", "request", randomName()[:16], "what", what, "class", class)
	if v.Count != nil {
		v.Count(what, class)
	}
}
