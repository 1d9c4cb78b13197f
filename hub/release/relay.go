package release

import (
	"errors"
	"fmt"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/analysis"
	"isac/hub/gate"
	"isac/hub/stix"
)

// BuildAdvisory makes the entry of an advisory that a moderator let go out: the hub's note,
// what the notice is about in the hub's vocabulary, and the publisher's words, byte for
// byte. What the hub says goes through the gate as everything else; a hit there is a
// hub.Held error. The publisher's words are public and don't (see hub/advisory). A nil
// library is the embedded one.
func BuildAdvisory(ok advisory.Passed, l *analysis.Library, p Params, g Gate) (Bulletin, error) {
	if !ok.Valid() {
		return Bulletin{}, errors.New("releasing advisory: not approved")
	}
	err := p.check(ok.Version())
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing advisory: %w", err)
	}
	a := ok.Advisory()
	alert := placed(hub.Alert{ID: a.ID, Version: ok.Version(), Kind: hub.Released, Stage: hub.Advisory, TLP: a.TLP, Severity: a.Severity()}, p)
	if ok.Version() > 1 {
		alert.Kind = hub.Corrected
	}
	own, err := renderAdvisory(alert, a.Withheld(), l, p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing advisory: %w", err)
	}
	b, err := pass(alert, own, g)
	if err != nil {
		return Bulletin{}, err
	}
	b, err = p.Forms.alsoIn(b, own, g)
	if err != nil {
		return Bulletin{}, err
	}
	whole, err := renderAdvisory(alert, a, l, p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing advisory: %w", err)
	}
	b.relayed = whole.data
	b.alert.Digest = hub.Sum(whole.data)
	return b, nil
}

// renderAdvisory writes the bundle of an advisory.
func renderAdvisory(alert hub.Alert, a advisory.Advisory, l *analysis.Library, p Params) (rendered, error) {
	m := newMaker(alert, p)
	for _, cve := range a.CVEs {
		m.vulnerability(hub.Fact{Class: hub.CVE, Value: cve})
	}
	for _, t := range a.Techniques {
		m.attackPattern(hub.Fact{Class: hub.Technique, Value: t})
	}
	note := a.Note(alert.Version, l, p.Vocab)
	m.report(note.Title, note.Pages(), []string{"vulnerability"}, false)
	m.add("note", m.own("note", ""), a.Properties("report--"+alert.ID))
	r, err := m.bundle()
	if err == nil {
		_, err = stix.ParseBundle(r.data, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 2 * maxObjects}) // what nobody could read isn't released
	}
	return r, err
}

// Named reports whether a publisher's words name an organisation of a sector list, for the
// moderator to know. A list without its members' private columns tells of public names
// alone.
func Named(a advisory.Advisory, public *gate.Register) (bool, error) {
	_, hits, err := public.Check([]byte(a.Title+"\n"+a.Publisher+"\n"+a.Notice.Text), nil)
	if err != nil {
		return false, fmt.Errorf("reading advisory for names: %w", err)
	}
	return len(hits) > 0, nil
}
