package roster

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/internal/natsbus"
)

const (
	cardPrefix  = "register.card."
	spentPrefix = "register.spent."
	cardOK      = 400 * 24 * time.Hour // life of a printed card: a year, and time to print the next
	mostCodes   = 50                   // on one card
	codeGroups  = 4
	codeGroup   = 4
)

// codeLetters can't be mistaken for one another on paper or over the telephone.
const codeLetters = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"

// card is a member's printed card of codes, each good for one first report. Codes are
// kept as digests. That one was used is noted elsewhere, under a name that leads
// neither to the card nor to the member.
type card struct {
	ID      string       `json:"id"`
	Member  string       `json:"member"`
	Codes   []hub.Digest `json:"codes"`
	Issued  time.Time    `json:"issued"`
	Expires time.Time    `json:"expires"`
	Revoked bool         `json:"revoked,omitempty"`
}

// IssueCard makes a card of n codes for a member and returns them; they exist nowhere
// else. Older cards of the member end.
func (r *Roster) IssueCard(ctx context.Context, member string, n int, now time.Time) ([]string, time.Time, error) {
	org, ok := r.Organisation(member)
	if !ok || !org.Member {
		return nil, time.Time{}, hub.E(hub.NotFound, "member.unknown")
	}
	if n < 1 || n > mostCodes {
		return nil, time.Time{}, hub.E(hub.Invalid, "member.codes-on-card", fmt.Sprint(mostCodes))
	}
	_, err := r.RevokeCards(ctx, member)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return nil, time.Time{}, err
	}
	var id [16]byte
	rand.Read(id[:])
	c := card{ID: hex.EncodeToString(id[:]), Member: member, Issued: now.UTC().Truncate(time.Second), Expires: now.Add(cardOK).UTC().Truncate(time.Second)}
	var codes []string
	for range n {
		code := newCode()
		codes = append(codes, code)
		c.Codes = append(c.Codes, codeDigest(code))
	}
	return codes, c.Expires, r.storeCard(ctx, c)
}

// RevokeCards ends every card of a member at once and returns how many.
func (r *Roster) RevokeCards(ctx context.Context, member string) (int, error) {
	r.mu.RLock()
	var valid []card
	for _, c := range r.cards {
		if c.Member == member && !c.Revoked {
			valid = append(valid, c)
		}
	}
	r.mu.RUnlock()
	if len(valid) == 0 {
		return 0, hub.E(hub.NotFound, "member.no-card")
	}
	for _, c := range valid {
		c.Revoked = true
		err := r.storeCard(ctx, c)
		if err != nil {
			return 0, err
		}
	}
	return len(valid), nil
}

func (r *Roster) storeCard(ctx context.Context, c card) error {
	return r.storeJSON(ctx, cardPrefix+c.ID, c)
}

func (r *Roster) applyCard(c card) {
	r.cards[c.ID] = c
	for _, d := range c.Codes {
		r.codes[d] = c.ID
	}
}

// HolderOf returns the member on whose valid card a code is, used or not.
func (r *Roster) HolderOf(code string, now time.Time) (hub.Organisation, bool) {
	r.mu.RLock()
	c, ok := r.cards[r.codes[codeDigest(Plain(code))]]
	r.mu.RUnlock()
	if !ok || c.Revoked || !now.Before(c.Expires) {
		return hub.Organisation{}, false
	}
	org, ok := r.Organisation(c.Member)
	return org, ok && org.Member
}

// Spent reports whether something was spent under a name.
func (r *Roster) Spent(ctx context.Context, name string) (bool, error) {
	_, err := r.bus.Last(ctx, natsbus.Register, spentPrefix+name)
	if hub.KindOf(err) == hub.NotFound {
		return false, nil
	}
	return err == nil, err
}

// Spend notes under a name that leads nowhere, once: the second time is a hub.Conflict,
// on whatever node.
func (r *Roster) Spend(ctx context.Context, name string) error {
	_, err := r.bus.Append(ctx, spentPrefix+name, 0, nil, nil)
	return err
}

// newCode draws 80 random bits, in groups: "K7QM-2XHD-9WPT-R4CV".
func newCode() string {
	var raw [codeGroups * codeGroup]byte
	rand.Read(raw[:])
	for i, b := range raw {
		raw[i] = codeLetters[int(b)%len(codeLetters)]
	}
	var groups []string
	for g := range slices.Chunk(raw[:], codeGroup) {
		groups = append(groups, string(g))
	}
	return strings.Join(groups, "-")
}

// Plain is a code as it is compared: however it was typed, and with the letters that
// no code has read as the digits that they look like.
func Plain(code string) string {
	return strings.Map(func(c rune) rune {
		if c >= '！' && c <= '～' { // full width
			c -= '！' - '!'
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		switch c {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		case 'U':
			return 'V'
		}
		if strings.ContainsRune(codeLetters, c) {
			return c
		}
		return -1
	}, code)
}

func codeDigest(code string) hub.Digest { return hub.Sum([]byte("isac card code v1\n" + Plain(code))) }
