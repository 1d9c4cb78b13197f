package attack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/cells"
	"isac/hub/gate"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/hub/vocab"
	"isac/internal/attack/adversary"
	"isac/internal/attack/world"
)

// path is the hub's real way from a report to the bytes of both alerts.
type path struct {
	w       *world.World
	profile *profile.Profile
	vocab   *vocab.Vocab
	a       *anonymize.Anonymizer
	gate    *gate.Register
	own     *gate.Vocabulary
	years   []year
	mutant  *Mutant
}

// year is the partition of one year of every history.
type year struct {
	active []cells.Member
	past   cells.History
	told   map[string]string // member → what may be said of its cell
}

func newPath(w *world.World, m *Mutant) (*path, error) {
	p := &path{w: w, profile: profile.HealthcareJP(), mutant: m}
	p.vocab = vocab.Default(p.profile)
	list, err := register.New(m.list(w.List))
	if err != nil {
		return nil, fmt.Errorf("making sector list: %w", err)
	}
	policy, err := m.policy()
	if err != nil {
		return nil, err
	}
	p.a = anonymize.New(anonymize.Config{
		Register: register.NewIndex(list), RegisterDigest: list.Digest(), Members: m.members(len(w.Members)), Profile: p.profile, Vocab: p.vocab, Policy: policy, Blind: m.blind(),
	})
	p.gate, err = gate.Compile(list.Header(), list.Rows())
	if err != nil {
		return nil, fmt.Errorf("compiling the gate: %w", err)
	}
	p.own = release.OwnTexts(p.vocab, p.profile)
	return p, p.divide()
}

// divide makes the partition anew each year, as members join.
func (p *path) divide() error {
	rules := cells.Rules{K: p.profile.K, Spread: p.profile.Spread, Attributes: p.profile.Attributes}
	var h cells.History
	for y := range world.Years {
		var now []cells.Member
		for _, m := range p.w.Active(y) {
			now = append(now, cells.MemberOf(m.Organisation, p.profile.Attributes))
		}
		var err error
		h, err = h.Next(now, rules)
		if err != nil {
			return fmt.Errorf("dividing members: %w", err)
		}
		told := map[string]string{}
		for _, c := range h.Now().Cells {
			if len(c.Members) == 0 {
				continue
			}
			if c, ok := h.Told(c.Members[0], now, rules); ok {
				for _, id := range c.Members {
					told[id] = c.Value(p.profile)
				}
			}
		}
		p.years = append(p.years, year{now, h, p.mutant.cells(p, now, told)})
	}
	return nil
}

// an alert is what came out of one stage: nothing where the gate held it.
type alert struct {
	data  []byte
	draft anonymize.Draft
}

// answer is what the hub made of one report.
type answer struct {
	flash, full alert
	prose       []anonymize.ProseFact
	held        int
}

// run takes one report through. It decides as if the reporter had confirmed every
// fact and the reviewers every value maybe made for the victim: then the most goes
// out.
func (p *path) run(in world.Incident, report []byte, when times) (answer, error) {
	seed := [32]byte{}
	copy(seed[:], fmt.Sprintf("%d %d", p.w.Seed, in.Index))
	random := rand.NewChaCha8(seed)
	bundle, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		return answer{}, fmt.Errorf("reading report: %w", err)
	}
	cell, err := p.cell(in, random)
	if err != nil {
		return answer{}, err
	}
	at := func(stage hub.Stage) release.Params {
		if stage == hub.Flash {
			return p.params(in, when.flash)
		}
		return p.params(in, when.full)
	}
	made, err := release.SettleReport(p.a, anonymize.Input{
		Bundle: bundle, Member: p.mutant.member(p.w.Members[in.Victim].Organisation), Answers: anonymize.Answers{AllConfirmed: true},
		Cell: cell, Random: random, Received: in.Told,
	}, at, release.Gate{Register: p.gate, Own: p.own}, hub.Flash, hub.Full)
	if err != nil {
		return answer{}, err
	}
	return answer{
		flash: alert{made.Alerts[hub.Flash], made.Flash}, full: alert{made.Alerts[hub.Full], made.Full}, prose: made.Prose, held: 2 - len(made.Alerts),
	}, nil
}

// cell is what may be said of the victim's cell: where the partition gives one, the
// reporter consents, and the draw names it.
func (p *path) cell(in world.Incident, random io.Reader) (string, error) {
	chosen, err := cells.Chosen(random)
	if err != nil || !chosen || !in.Consent {
		return "", err
	}
	return p.years[world.YearOf(in.Day)].told[p.w.Members[in.Victim].ID], nil
}

func (p *path) params(in world.Incident, at time.Time) release.Params {
	number := uint64(in.Index) + 2
	return release.Params{
		Number: number, Previous: hub.Sum([]byte{byte(in.Index)}), PreviousID: "11111111-1111-4111-8111-111111111111", FirstNumber: number,
		Published: at, FirstPublished: at, Kind: hub.Released, Vocab: p.vocab, BaseURL: "https://hub.invalid",
		Hub: release.Identity{ID: stix.NameID("identity", "hub of the attack suite"), Name: "ISAC hub", Created: world.Start().AddDate(-1, 0, 0)},
	}
}

// times are when both alerts go out, by the clocks of the profile.
type times struct{ seen, flash, full time.Time }

// clock draws them: approvals after some hours, a flash at a random minute within
// the jitter, a full alert in one of the slots.
func (p *path) clock(in world.Incident) times {
	r := rand.New(rand.NewPCG(p.w.Seed+5, uint64(in.Index)))
	seen := in.Told.Add(time.Duration(r.IntN(6*60)) * time.Minute)
	flash := seen.Add(time.Duration(30+r.IntN(9*60))*time.Minute + time.Duration(r.Int64N(int64(4*time.Hour))))
	day := flash.Add(time.Duration(12+r.IntN(24)) * time.Hour).Truncate(24 * time.Hour)
	full := day.Add(time.Duration([]int{1, 7, 25}[r.IntN(3)]) * time.Hour)
	return times{seen, flash.Truncate(time.Millisecond), full}
}

// released is the incident as adversaries meet it.
func (p *path) released(in world.Incident, a answer, at times) adversary.Release {
	r := adversary.Release{
		Number: in.Index + 2, History: in.History, Year: world.YearOf(in.Day), Flash: a.flash.data, Full: a.full.data,
		FlashAt: at.flash, FullAt: at.full, DraftAge: at.flash.Sub(at.seen), Seat: p.seat(in),
	}
	for _, s := range []alert{a.full, a.flash} {
		if s.data != nil && r.Says == nil {
			r.Says, r.Draft = s.draft.Body().Facts, s.draft.Encode()
		}
	}
	return r
}

// seat draws the moderator as review.Case.Draw does: nobody near the victim.
func (p *path) seat(in world.Incident) hub.Organisation {
	r := rand.New(rand.NewPCG(p.w.Seed+6, uint64(in.Index)))
	v := p.w.Members[in.Victim].Organisation
	for range 200 {
		o := p.w.Members[r.IntN(len(p.w.Members))].Organisation
		if o.ID != v.ID && o.Operator != v.Operator && o.Vendor != v.Vendor && (o.Municipality != v.Municipality || o.Prefecture != v.Prefecture) {
			return o
		}
	}
	return hub.Organisation{}
}

// commitment is what a draft tells of its record, and its salt.
func commitment(draft []byte) (sum []byte, salt string, err error) {
	var b struct {
		Record hub.Digest `json:"record"`
		Salt   string     `json:"salt"`
	}
	err = json.Unmarshal(draft, &b)
	if err == nil && (b.Record.IsZero() || b.Salt == "") {
		err = errors.New("no record or salt")
	}
	return b.Record[:], b.Salt, err
}

// behind are the products that the class of exposed ones stands for in this sector, as
// anybody can work out who knows the profile and how many members there are.
func (p *path) behind() map[string][]string {
	e := p.profile.Exposed
	var out []string
	for _, id := range e.Listed() {
		if !p.profile.Named(id, len(p.w.Members)) {
			out = append(out, id)
		}
	}
	return map[string][]string{e.Class: out}
}

// lists reports whether an alert that tells the class lists a product or a flaw of one.
func (p *path) lists(key string) bool {
	class, value, _ := strings.Cut(key, ":")
	if hub.Class(class) == hub.CVE {
		value, _ = p.vocab.ProductOf(strings.ToUpper(value))
	} else if hub.Class(class) != hub.Product {
		return false
	}
	return contains(p.profile.Exposed.Listed(), value)
}

// fits reports whether a description of a cell, read by its words, fits somebody.
func (p *path) fits(description string, o hub.Organisation) bool {
	for part := range strings.SplitSeq(description, "+") {
		attribute, group, _ := strings.Cut(part, "=")
		for _, a := range p.profile.Attributes {
			if a.ID == attribute && !contains(a.GroupsOf(o), group) {
				return false
			}
		}
	}
	return true
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
