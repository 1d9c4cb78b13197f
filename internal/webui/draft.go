package webui

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/review"
)

// draftView is a draft as reporters and moderators read it, in both languages.
type draftView struct {
	Here   []section // in the page's language
	Other  []section
	Title  string
	Level  hub.Severity
	Facts  []factLine
	Digest string
	Clear  bool // everybody may read it in an edition of its own
	facts  []hub.Fact
}

// factLine is one fact of a draft.
type factLine struct {
	Key        string
	Class      hub.Class
	Label      string
	Confidence hub.Confidence
	Source     hub.Source
	Single     bool // maybe made for one victim
	Confirmed  bool
}

// draft reads the bytes that people sign; nil where there are none.
func (v *visit) draft(data []byte, digest hub.Digest) (*draftView, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var b anonymize.Body
	err := json.Unmarshal(data, &b)
	if err != nil {
		return nil, hub.E(hub.Internal, "isac.show.unreadable")
	}
	d := &draftView{Title: b.Analysis.Title.In(v.lang), Level: b.Severity, Digest: digest.String(), Clear: b.Clear, Here: written(b.Analysis, v.lang)}
	d.Other = written(b.Analysis, other(v.lang))
	d.facts = slices.Concat(b.Facts, b.Suggested)
	for _, f := range d.facts {
		d.Facts = append(d.Facts, v.fact(f))
	}
	return d, nil
}

func other(lang string) string {
	if lang == "ja" {
		return "en"
	}
	return "ja"
}

func written(a analysis.Analysis, lang string) []section {
	var out []section
	for _, s := range a.Sections {
		part := section{Heading: s.Heading.In(lang), Ordered: s.Ordered}
		for _, l := range s.Lines {
			part.Lines = append(part.Lines, l.In(lang))
		}
		out = append(out, part)
	}
	return out
}

func (v *visit) fact(f hub.Fact) factLine {
	l := factLine{Key: f.Key(), Class: f.Class, Confidence: f.Confidence, Source: f.Source, Single: f.Single, Confirmed: f.Confirmed}
	switch f.Class {
	case hub.Indicator:
		l.Label = analysis.Defanged(f.Kind, f.Value)
	case hub.Technique:
		l.Label = f.Value + " " + v.ui.label(v.lang, f.Class, f.Value)
	case hub.Quarter:
		l.Label = quarter(v.lang, f.Value)
	default:
		l.Label = v.ui.label(v.lang, f.Class, f.Value)
	}
	return l
}

// keyLabel is the label of the fact that a key names.
func (v *visit) keyLabel(key string) string {
	class, value, _ := strings.Cut(key, ":")
	f := hub.Fact{Class: hub.Class(class), Value: value}
	if f.Class == hub.Indicator {
		i := strings.Index(value, ":")
		if kind, rest, ok := strings.Cut(value[i+1:], ":"); ok && value[:max(i, 0)] != string(hub.Pattern) {
			f.Kind, f.Value = hub.Kind(value[:i+1]+kind), rest
		}
	}
	return v.fact(f).Label
}

// signForm is what a browser needs for a signature by the person's passkey.
type signForm struct {
	Host      string
	Challenge string
	Passkeys  string // ids, between spaces; "" where the person has none
	Digest    string
	Purpose   review.Purpose
}

// signing is the form for a purpose over a digest.
func (v *visit) signing(purpose review.Purpose, digest hub.Digest) signForm {
	return signForm{
		Host: v.ui.Door.Host(), Digest: digest.String(), Purpose: purpose, Passkeys: v.passkeys(),
		Challenge: base64.RawURLEncoding.EncodeToString(review.Challenge(review.SigningBytes(purpose, digest))),
	}
}

// signed reads what a form was signed with: the digest that the page showed, and the
// signature over it.
func (v *visit) signed() (hub.Digest, []byte, error) {
	var d hub.Digest
	err := d.UnmarshalText([]byte(v.field("digest")))
	if err != nil || v.field("assertion") == "" {
		return d, nil, hub.E(hub.Unsigned, "web.passkey.needed")
	}
	return d, []byte(v.field("assertion")), nil
}
