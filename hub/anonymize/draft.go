package anonymize

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
)

// Body is all that a draft says: what people consent to, review and sign. It holds
// nothing of the report but facts.
type Body struct {
	Format         int               `json:"format"` // 1
	Stage          hub.Stage         `json:"stage"`
	PolicyVersion  string            `json:"policy_version"`
	PolicyDigest   hub.Digest        `json:"policy_digest"`
	RegisterDigest hub.Digest        `json:"register_digest"`
	Profile        string            `json:"profile"`
	ProfileVersion int               `json:"profile_version"`
	VocabVersion   string            `json:"vocab_version"`
	VocabDigest    hub.Digest        `json:"vocab_digest"`
	Facts          []hub.Fact        `json:"facts"`
	Suggested      []hub.Fact        `json:"suggested"`     // maybe made for one victim: not released without a reviewer's yes
	MalwareTypes   []string          `json:"malware_types"` // of the standard's list: "ransomware"
	TLP            hub.TLP           `json:"tlp"`
	Clear          bool              `json:"clear,omitempty"` // a flash that everybody may read in an edition of its own, TLP:CLEAR
	Known          analysis.Known    `json:"known"`           // what the severity rests on besides the facts
	Severity       hub.Severity      `json:"severity"`
	Analysis       analysis.Analysis `json:"analysis"`
	Record         hub.Digest        `json:"record"` // hiding commitment to the record
	// Related are the alerts of which alone a draft without a report was made; then Record
	// is the digest of their list.
	Related []analysis.Reference `json:"related,omitempty"`
	Salt    string               `json:"salt"` // 256 random bits in hex, so that no digest can be guessed
}

// A Draft is what the hub would release. Only an Anonymizer makes one; the zero
// value is refused everywhere.
type Draft struct {
	body   Body
	data   []byte
	digest hub.Digest
}

// Valid reports whether d was made by an Anonymizer.
func (d Draft) Valid() bool { return !d.digest.IsZero() }

// Digest is the SHA-256 of the encoded draft. Consent and approvals sign it.
func (d Draft) Digest() hub.Digest { return d.digest }

// Encode returns the draft's bytes, JSON with fixed order.
func (d Draft) Encode() []byte { return bytes.Clone(d.data) }

// Body returns a copy of what the draft says.
func (d Draft) Body() Body { return d.body.clone() }

// clone returns a copy that shares no memory that can change.
func (b Body) clone() Body {
	b.Facts, b.Suggested = slices.Clone(b.Facts), slices.Clone(b.Suggested)
	b.MalwareTypes, b.Related = slices.Clone(b.MalwareTypes), slices.Clone(b.Related)
	b.Known, b.Analysis = b.Known.Clone(), b.Analysis.Clone()
	return b
}

// String hides the facts, which a log must not hold.
func (d Draft) String() string { return "draft" }

// GoString hides them in %#v too.
func (d Draft) GoString() string { return "draft" }

// seal encodes a body and takes its digest.
func seal(b Body) (Draft, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		return Draft{}, fmt.Errorf("encoding draft: %w", err)
	}
	data := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	return Draft{body: b.clone(), data: data, digest: hub.Sum(data)}, nil
}

// draft writes the draft of a stage from facts that may go out.
func (a *Anonymizer) draft(stage hub.Stage, all factSet, malwareTypes []string, known analysis.Known, record Record, clear bool, random io.Reader) (Draft, error) {
	b := Body{
		Format: 1, Stage: stage, TLP: a.cfg.Profile.TLP, Clear: clear && stage == hub.Flash && open(a.cfg.Profile.TLP), Known: known, Record: record.Commitment(),
		Facts: all.forStage(stage, all.released), Suggested: all.forStage(stage, all.suggested), MalwareTypes: malwareTypes,
	}
	return a.write(b, random)
}

// open reports whether a label lets what it stands on become an edition for everybody.
func open(t hub.TLP) bool { return t == hub.TLPGreen || t == hub.TLPClear }

// write salts and seals a body.
func (a *Anonymizer) write(b Body, random io.Reader) (Draft, error) {
	var salt [32]byte
	if _, err := io.ReadFull(random, salt[:]); err != nil {
		return Draft{}, fmt.Errorf("salting draft: %w", err)
	}
	b.Salt = hex.EncodeToString(salt[:])
	return seal(a.told(b))
}

// told fills in what follows from the facts and the configuration alone.
func (a *Anonymizer) told(b Body) Body {
	b.PolicyVersion, b.PolicyDigest = a.cfg.Policy.Version, a.cfg.Policy.Digest
	b.RegisterDigest = a.cfg.RegisterDigest
	b.Profile, b.ProfileVersion = a.cfg.Profile.ID, a.cfg.Profile.Version
	b.VocabVersion, b.VocabDigest = a.cfg.Vocab.Version(), a.cfg.Vocab.Digest()
	b.Known = b.Known.Of(b.Facts)
	b.Analysis = analysis.Write(analysis.Input{Stage: b.Stage, Facts: b.Facts, Known: b.Known, Profile: a.cfg.Profile, Vocab: a.cfg.Vocab, Library: a.cfg.Library, Related: b.Related})
	b.Severity = b.Analysis.Severity
	if b.MalwareTypes == nil {
		b.MalwareTypes = []string{}
	}
	return b
}

// Without rebuilds a draft without the facts of the keys given, with a new salt:
// the answer to a hit of the gate.
func (a *Anonymizer) Without(d Draft, keys []string, random io.Reader) (Draft, error) {
	if !d.Valid() {
		return Draft{}, fmt.Errorf("rebuilding draft: not a draft")
	}
	b := d.Body()
	hit := func(f hub.Fact) bool { return slices.Contains(keys, f.Key()) }
	b.Facts = slices.DeleteFunc(b.Facts, hit)
	b.Suggested = slices.DeleteFunc(b.Suggested, hit)
	return a.write(b, random)
}

// Decode reads an encoded draft and checks again what can be checked of it: the exact
// form, closed classes, values of the vocabulary, shapes of indicators. The text is
// what people read and signed with the rest; a newer version of the hub may word it
// otherwise, so it isn't compared.
func (a *Anonymizer) Decode(data []byte) (Draft, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var b Body
	if err := dec.Decode(&b); err != nil {
		return Draft{}, fmt.Errorf("decoding draft: %w", err)
	}
	if err := a.checkBody(b); err != nil {
		return Draft{}, fmt.Errorf("decoding draft: %w", err)
	}
	d, err := seal(b)
	if err != nil {
		return Draft{}, fmt.Errorf("decoding draft: %w", err)
	}
	if !bytes.Equal(d.data, data) {
		return Draft{}, fmt.Errorf("decoding draft: not in the one form")
	}
	return d, nil
}

func (a *Anonymizer) checkBody(b Body) error {
	salt, err := hex.DecodeString(b.Salt)
	switch {
	case b.Format != 1 || b.Stage != hub.Flash && b.Stage != hub.Full:
		return fmt.Errorf("unknown format or stage")
	case err != nil || len(salt) != 32 || b.Record.IsZero():
		return fmt.Errorf("no salt or record")
	}
	for _, f := range slices.Concat(b.Facts, b.Suggested) {
		if !a.known(f) {
			return fmt.Errorf("a fact outside the vocabulary")
		}
	}
	for _, f := range b.Facts {
		if !f.Confirmed {
			return fmt.Errorf("a fact that nobody confirmed")
		}
	}
	if b.Clear && (b.Stage != hub.Flash || len(b.Related) > 0 || !open(b.TLP)) {
		return fmt.Errorf("for everybody what isn't a flash for the community")
	}
	if !checkSeveral(b) {
		return fmt.Errorf("what is of one victim in a draft of several alerts")
	}
	if !a.checkCell(b) {
		return fmt.Errorf("a cell where none may be named")
	}
	for _, t := range b.MalwareTypes {
		if !malwareTypes[t] {
			return fmt.Errorf("an unknown malware type")
		}
	}
	return nil
}

// known reports whether a fact's value is one that a fact of its class may have.
func (a *Anonymizer) known(f hub.Fact) bool {
	switch f.Class {
	case hub.Indicator:
		return a.knownIndicator(f)
	case hub.Cell:
		return a.cfg.Profile.Described(f.Value) != nil
	case hub.Quarter:
		return len(f.Value) == 7 && f.Value[4:6] == "-Q" && f.Value[6] >= '1' && f.Value[6] <= '4' && number(f.Value[:4]) >= 1990
	}
	if f.Class == hub.Technique { // maybe revoked since it was drafted
		_, ok := a.cfg.Vocab.Technique(f.Value)
		return ok && f.Value == strings.ToUpper(strings.TrimSpace(f.Value))
	}
	value, ok := a.cfg.Vocab.Canonical(f.Class, f.Value)
	return ok && value == f.Value
}

func (a *Anonymizer) knownIndicator(f hub.Fact) bool {
	if f.Kind == hub.Pattern {
		return canonicalPattern(f.Value)
	}
	v := check(f.Kind, f.Value)
	return v.ok && v.value == f.Value
}

// malwareTypes is malware-type-ov of STIX 2.1.
var malwareTypes = map[string]bool{
	"adware": true, "backdoor": true, "bot": true, "bootkit": true, "ddos": true, "downloader": true, "dropper": true, "exploit-kit": true,
	"keylogger": true, "ransomware": true, "remote-access-trojan": true, "resource-exploitation": true, "rogue-security-software": true,
	"rootkit": true, "screen-capture": true, "spyware": true, "trojan": true, "virus": true, "webshell": true, "wiper": true, "worm": true,
}

// malwareTypes returns the types of malware that the report states, sorted.
func (u *unit) malwareTypes() []string {
	out := []string{}
	for _, o := range u.objects {
		if o.Type() != "malware" || revoked(o) {
			continue
		}
		for _, t := range o.Strs("malware_types") {
			if malwareTypes[t] && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}
