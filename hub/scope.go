package hub

import "slices"

// Scope is what an access token may be used for. A token never allows more than the
// roles of whose it is.
type Scope string

// The scopes.
const (
	FeedScope     Scope = "feeds"    // lists of indicators for other programs; alone it is taken in an address too
	ReadScope     Scope = "read"     // alerts, indicators, the sector, what is told of answers, lists
	AnswerScope   Scope = "answer"   // answers about alerts and indicators, for one's organisation
	NotifyScope   Scope = "notify"   // webhooks of one's own; only a token that was made for it has it
	CaseScope     Scope = "cases"    // reports of one's organisation
	ReviewScope   Scope = "reviews"  // drafts that one was drawn for, and campaigns
	DraftScope    Scope = "drafts"   // drafts that wait for the secretariat or the duty
	WithdrawScope Scope = "withdraw" // asking for an alert to be taken back
	ReceiptScope  Scope = "receipts" // what is relayed to partners, and receipts for it
)

// scopesOf are the scopes that a role gives besides reading.
var scopesOf = map[Role][]Scope{
	Reporter:    {CaseScope, WithdrawScope},
	Moderator:   {ReviewScope, WithdrawScope},
	DutyOfficer: {ReviewScope, DraftScope, WithdrawScope},
	Secretariat: {DraftScope, WithdrawScope, ReceiptScope},
}

// Scopes lists all scopes.
func Scopes() []Scope {
	return []Scope{FeedScope, ReadScope, AnswerScope, NotifyScope, CaseScope, ReviewScope, DraftScope, WithdrawScope, ReceiptScope}
}

// Scopes are those that the person's roles allow, in the order of Scopes. Everybody
// reads; who is of an organisation of the sector answers for it.
func (p Person) Scopes() []Scope {
	if p.OnlyClear() {
		return []Scope{ReceiptScope}
	}
	have := []Scope{FeedScope, ReadScope, NotifyScope}
	if p.Has(RelayPartner) {
		have = append(have, ReceiptScope)
	}
	if p.Org != "hub" {
		have = append(have, AnswerScope)
	}
	for _, r := range p.Roles {
		have = append(have, scopesOf[r]...)
	}
	return slices.DeleteFunc(Scopes(), func(s Scope) bool { return !slices.Contains(have, s) })
}
