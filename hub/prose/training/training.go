// Package training reads labelled sentences, of which the learned reader of package
// prose is made and by which it is measured. README.md says how they are written and
// how the reader is made anew.
//
// The files are the project's own words and are trusted. Their root is the folder of
// package prose.
//
//	reports, err := training.Reports(os.DirFS("hub/prose"), training.Taught...)
//	model, _ := learned.Train(training.Examples(extractor, reports), training.Options)
package training

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/prose"
	"isac/hub/prose/learned"
	"isac/hub/vocab"
)

// Taught are the files that the reader is made of.
var Taught = []string{"training/*.tsv", "testdata/sentences-*.tsv", "testdata/silent-*.tsv"}

// Blind are the files that it never sees.
var Blind = []string{"testdata/blind-*.tsv"}

// Options are how the reader learns.
var Options = learned.Options{Fewest: 3, Precision: 0.83, Trust: 0.3, Worth: 0.16, Most: 1000}

const mayAlong = "training/along.txt"

// Sentence is one line: what it states, and its words. A label that is false may be
// read or not.
type Sentence struct {
	Labels map[string]bool
	Text   string
}

// Report are the sentences of one report, in order.
type Report struct {
	Lang      string
	Firm      bool // from a file of contrasts, which must be read as they are labelled
	Sentences []Sentence
}

// classes are the classes as the files write them.
var classes = map[string]string{"r": "route", "w": "weakness", "i": "impact", "f": "family", "t": "tool", "g": "group", "p": "product", "x": "indicator"}

// key returns a label as facts write it: "T1133" is technique:T1133.
func key(label string) string {
	class, value, ok := strings.Cut(strings.ReplaceAll(label, "_", " "), ":")
	switch {
	case strings.HasPrefix(label, "CVE-"):
		return "cve:" + label
	case !ok:
		return "technique:" + class
	}
	return classes[class] + ":" + value
}

// labels reads "T1133 r:vpn-appliance ?w:no-mfa", with what may be read along.
func labels(s string, along map[string][]string) map[string]bool {
	out := map[string]bool{}
	for l := range strings.FieldsSeq(s) {
		if l, may := strings.CutPrefix(l, "?"); l != "-" {
			out[key(l)] = !may
		}
	}
	var may []string
	for l, states := range out {
		if states {
			may = append(may, along[l]...)
		}
	}
	for _, l := range may {
		if _, known := out[l]; !known {
			out[l] = false
		}
	}
	return out
}

// readAlong reads along.txt.
func readAlong(files fs.FS) (map[string][]string, error) {
	data, err := fs.ReadFile(files, mayAlong)
	if err != nil {
		return nil, fmt.Errorf("reading what may be read along: %w", err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for _, w := range words[1:] {
			out[key(words[0])] = append(out[key(words[0])], key(w))
		}
	}
	return out, nil
}

// Digest is that of all that the reader is made of but the patterns.
func Digest(files fs.FS) (string, error) {
	names, err := list(files, Taught)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, learned.How)
	for _, name := range append(names, mayAlong) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return "", fmt.Errorf("reading sentences: %w", err)
		}
		fmt.Fprintf(h, "%s %d %+v\n", name, len(data), Options)
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func list(files fs.FS, patterns []string) ([]string, error) {
	var out []string
	for _, p := range patterns {
		names, err := fs.Glob(files, p)
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("no files of sentences %q: %w", p, err)
		}
		out = append(out, names...)
	}
	return out, nil
}

// Reports reads the files that patterns name; the language stands in a file's name. In
// files of single sentences ("sentences-", "silent-") each line is a report.
func Reports(files fs.FS, patterns ...string) ([]Report, error) {
	names, err := list(files, patterns)
	if err != nil {
		return nil, err
	}
	along, err := readAlong(files)
	if err != nil {
		return nil, err
	}
	var out []Report
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading sentences: %w", err)
		}
		base := path.Base(name)
		lang := "en"
		if strings.HasPrefix(base, "ja-") || strings.Contains(base, "-ja") {
			lang = "ja"
		}
		single := strings.HasPrefix(base, "sentences-") || strings.HasPrefix(base, "silent-")
		firm := strings.HasPrefix(base, "silent-") || strings.HasPrefix(base, "sentences-pairs-")
		open := false
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			wanted, text, ok := strings.Cut(lines.Text(), "\t")
			switch {
			case lines.Text() == "":
				open = false
				continue
			case !ok:
				return nil, fmt.Errorf("reading %s: no tab in %q", base, lines.Text())
			case !open || single:
				out = append(out, Report{Lang: lang, Firm: firm})
				open = true
			}
			r := &out[len(out)-1]
			r.Sentences = append(r.Sentences, Sentence{labels(wanted, along), text})
		}
	}
	return out, nil
}

// Examples makes of reports what a model learns from.
func Examples(x *prose.Extractor, reports []Report) []learned.Example {
	var out []learned.Example
	for n, r := range reports {
		for i, o := range x.Observe(r.Texts(), r.Lang) {
			found := map[string]bool{}
			for _, f := range o.Found {
				found[f.Fact.Key()] = true
			}
			e := learned.Example{Features: o.Features, Clauses: o.Clauses, Labels: taught(r.Sentences[i].Labels), Found: taught(found), Report: n, Firm: r.Firm}
			out = append(out, e)
		}
	}
	return out
}

// Texts returns the lines of a report.
func (r Report) Texts() []string {
	out := make([]string, 0, len(r.Sentences))
	for _, s := range r.Sentences {
		out = append(out, s.Text)
	}
	return out
}

// words are what is learned: what every sector's vocabulary has, and that of hospitals.
var words = vocab.Default(profile.HealthcareJP())

// taught are the labels that are learned.
func taught(labels map[string]bool) map[string]bool {
	out := map[string]bool{}
	for l, states := range labels {
		class, value, _ := strings.Cut(l, ":")
		if _, known := words.Label(hub.Class(class), value); known && slices.Contains(Classes, class) {
			out[l] = states
		}
	}
	return out
}
