package webui

import (
	"bytes"
	"encoding/json"
	"strings"

	"isac/hub"
	"isac/hub/review"
	"isac/hub/stix"
)

// originalPage opens the original of one case for a case officer: which, why, a
// signature, and only then the report.
type originalPage struct {
	Frame
	Number, Reason string
	Reasons        []string
	Sign           *signForm
	Texts          []string // of the report, in the order in which they stand there
	Report         string   // the whole of it; "" before it is opened
	Problem        string
}

func (originalPage) template() string { return "original" }

func (v *visit) original() (originalPage, error) {
	if !v.me.Has(hub.CaseOfficer) {
		return originalPage{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	return originalPage{Frame: v.frame(), Reasons: review.UnsealReasons()}, nil
}

// originalNew asks which original is to be opened, and why.
func (u *UI) originalNew(v *visit) error {
	p, err := v.original()
	if err != nil {
		return err
	}
	return v.show(p)
}

// originalOpen shows what has to be signed, and what was signed for. Nothing of it stands
// in an address.
func (u *UI) originalOpen(v *visit) error {
	p, err := v.original()
	if err == nil {
		err = v.form()
	}
	if err != nil {
		return err
	}
	p.Number, p.Reason = strings.TrimSpace(v.field("number")), v.field("reason")
	if v.field("assertion") == "" {
		digest, err := u.Desk.Sealed(v.r.Context(), *v.me, p.Number)
		switch {
		case hub.KindOf(err) == hub.NotFound:
			p.Problem = v.t("web.original.none")
			return v.show(p)
		case err != nil:
			return err
		}
		sign := v.signing(review.ToOpenOriginal, digest)
		p.Sign = &sign
		return v.show(p)
	}
	digest, signature, err := v.signed()
	if err != nil {
		return err
	}
	report, err := u.Desk.Unseal(v.r.Context(), *v.me, p.Number, p.Reason, digest, signature)
	if err != nil {
		return err
	}
	p.Texts, p.Report = readable(report)
	return v.show(p)
}

// readable is a report to be read: its texts, and all of it with a line for each property.
func readable(report []byte) (texts []string, whole string) {
	bundle, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err == nil {
		for _, o := range bundle.Objects {
			for _, property := range []string{"name", "description", "content"} {
				if text := o.Str(property); o.Type() != "relationship" && text != "" {
					texts = append(texts, text)
				}
			}
		}
	}
	var b bytes.Buffer
	if json.Indent(&b, report, "", "  ") != nil {
		return texts, string(report)
	}
	return texts, b.String()
}
