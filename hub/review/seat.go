package review

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"isac/hub"
)

// SeatState is what a moderator did with a draft.
type SeatState string

// The states of a seat. A new draft opens all but the recused again.
const (
	Open     SeatState = "open"
	Agreed   SeatState = "approved"
	Refused  SeatState = "declined"
	SentBack SeatState = "returned"
	Recused  SeatState = "recused"
)

// Seat is one person's part in the review of one stage.
type Seat struct {
	Review string    `json:"review"` // random id, 32 hex digits; all that the person needs to know
	Person string    `json:"person"`
	Org    string    `json:"org"`
	Soft   bool      `json:"soft,omitempty"` // drawn in spite of a soft conflict
	Duty   hub.Role  `json:"duty,omitempty"` // Moderator or DutyOfficer of an emergency, "" when drawn
	State  SeatState `json:"state"`
	Time   time.Time `json:"time"` // when drawn

	Signed *Signed  `json:"-"` // the approval
	Thin   bool     `json:"-"` // the approval accepts a thin draft
	Accept []string `json:"-"` // facts that the approval accepts
	Reason string   `json:"-"` // of a decline, return or recusal
}

// live reports whether the seat counts as filled.
func (s Seat) live() bool { return s.State == Open || s.State == Agreed }

// role is what the person must be.
func (s Seat) role() hub.Role {
	if s.Duty != "" {
		return s.Duty
	}
	return hub.Moderator
}

// purpose is what the person's signature must be for.
func (s Seat) purpose() Purpose {
	switch {
	case s.Duty != "" && s.Thin:
		return ToEmergencyThin
	case s.Duty != "":
		return ToEmergency
	case s.Thin:
		return ToApproveThin
	}
	return ToApprove
}

// seatAt returns the place of a review id, -1 where there is none.
func (t *track) seatAt(review string) int {
	for i, s := range t.seats {
		if review != "" && s.Review == review {
			return i
		}
	}
	return -1
}

// liveOrgs counts the organisations of drawn seats that are filled.
func (t *track) liveOrgs() int {
	orgs := map[string]bool{}
	for _, s := range t.seats {
		if s.Duty == "" && s.live() {
			orgs[s.Org] = true
		}
	}
	return len(orgs)
}

// agreedOrgs counts the organisations of drawn seats that approved.
func (t *track) agreedOrgs() int { return t.countOrgs(Agreed) }

func (t *track) countOrgs(state SeatState) int {
	orgs := map[string]bool{}
	for _, s := range t.seats {
		if s.Duty == "" && s.State == state {
			orgs[s.Org] = true
		}
	}
	return len(orgs)
}

// calledAgree reports whether both people of an emergency approved.
func (t *track) calledAgree() bool {
	agreed := map[hub.Role]string{}
	for _, s := range t.seats {
		if s.Duty != "" && s.State == Agreed {
			agreed[s.Duty] = s.Org
		}
	}
	m, o := agreed[hub.Moderator], agreed[hub.DutyOfficer]
	return t.emergency != "" && m != "" && o != "" && m != o
}

// cleared reports whether the decisions on record are enough.
func (t *track) cleared() bool { return t.agreedOrgs() >= 2 || t.calledAgree() }

// newReview draws a review id of 128 bits.
func newReview(random io.Reader) (string, error) {
	var b [16]byte
	_, err := io.ReadFull(random, b[:])
	if err != nil {
		return "", fmt.Errorf("drawing review id: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// below draws a number in [0, n), each with the same chance. n must be positive.
func below(random io.Reader, n uint64) (uint64, error) {
	limit := -n % n // 2^64 mod n: values below it would favour small numbers
	for {
		var b [8]byte
		_, err := io.ReadFull(random, b[:])
		if err != nil {
			return 0, fmt.Errorf("drawing a number: %w", err)
		}
		v := binary.BigEndian.Uint64(b[:])
		if v >= limit {
			return v % n, nil
		}
	}
}
