package anonymize

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"isac/hub"
	"isac/hub/register"
)

var update = flag.Bool("update", false, "rewrite what the cases gave: facts and record, never what they demand")

// A case is a file testdata/NAME.txtar: one sentence why, then report.json; what
// must be so (never: texts that no draft may hold; must, mustnot: keys of facts) and
// what came out (facts, record). The file options may say "answers none" and
// "member ID".
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 40 {
		t.Fatalf("only %d cases", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if why := strings.TrimSpace(string(archive.Comment)); !strings.HasSuffix(why, ".") {
		t.Fatal("the case doesn't say why in a sentence")
	}
	part := func(name string) *txtar.File {
		for i := range archive.Files {
			if archive.Files[i].Name == name {
				return &archive.Files[i]
			}
		}
		if name == "facts" || name == "record" {
			archive.Files = append(archive.Files, txtar.File{Name: name})
			return &archive.Files[len(archive.Files)-1]
		}
		return &txtar.File{}
	}
	in := Input{Bundle: parse(t, part("report.json").Data), Received: received, Answers: Answers{AllConfirmed: true}}
	applyOptions(t, &in, string(part("options").Data))
	pair := draft(t, smallAnonymizer(t), in)
	demand(t, pair, part("never").Data, part("must").Data, part("mustnot").Data)
	compare(t, part("facts"), writeFacts(pair))
	compare(t, part("record"), writeRecord(pair.Record))
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func applyOptions(t *testing.T, in *Input, options string) {
	for line := range strings.Lines(options) {
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name {
		case "":
		case "answers":
			in.Answers.AllConfirmed = false
		case "confirmed":
			in.Answers.Confirmed = append(in.Answers.Confirmed, value)
		case "rejected":
			in.Answers.Rejected = append(in.Answers.Rejected, value)
		case "single":
			in.Answers.SingleOK = append(in.Answers.SingleOK, value)
		case "member":
			for _, o := range sector() {
				if o.ID == value {
					in.Member = o
				}
			}
		default:
			t.Fatalf("unknown option %q", name)
		}
	}
}

// demand checks what the case says must be so, whatever the outputs are.
func demand(t *testing.T, pair Pair, never, must, mustnot []byte) {
	t.Helper()
	out := register.Fold(outside(pair))
	eachLine(never, func(s string) {
		if strings.Contains(out, register.Fold(s)) {
			t.Errorf("a draft holds %q", s)
		}
	})
	full := pair.Full.Body()
	eachLine(must, func(s string) {
		if !hasFact(full.Facts, s) {
			t.Errorf("the fact %s is missing; have\n%s", s, keysOf(full.Facts))
		}
	})
	eachLine(mustnot, func(s string) {
		if hasFact(full.Facts, s) {
			t.Errorf("the fact %s must not be", s)
		}
	})
}

func eachLine(data []byte, do func(string)) {
	sc := bufio.NewScanner(bytes.NewReader(data))
	for sc.Scan() {
		if line := strings.TrimSpace(sc.Text()); line != "" {
			do(line)
		}
	}
}

func compare(t *testing.T, file *txtar.File, got string) {
	t.Helper()
	if *update {
		file.Data = []byte(got)
	} else if string(file.Data) != got {
		t.Errorf("%s differs; have\n%s", file.Name, got)
	}
}

func writeFacts(pair Pair) string {
	var b strings.Builder
	body := pair.Full.Body()
	for _, f := range body.Facts {
		fmt.Fprintln(&b, factLine(f))
	}
	for _, f := range body.Suggested {
		fmt.Fprintln(&b, "suggested", factLine(f))
	}
	return b.String()
}

func factLine(f hub.Fact) string {
	line := fmt.Sprintf("%s %s %s", f.Key(), f.Confidence, f.Source)
	if f.Step > 0 {
		line += fmt.Sprintf(" step=%d", f.Step)
	}
	if f.Single {
		line += " single"
	}
	return line
}

// writeRecord leaves out the properties that are the same in every object.
func writeRecord(r Record) string {
	var b strings.Builder
	for _, c := range r.Classes() {
		if c.Rule != string(Keep) && c.Rule != string(Regenerate) {
			fmt.Fprintf(&b, "%s %s %s %s %d\n", c.Type, c.Pointer, c.Rule, c.Action, c.Count)
		}
	}
	return b.String()
}
