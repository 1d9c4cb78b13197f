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
// what came out (facts, record, and alert by TestAlerts). The file options may say
// "answers none", "member ID", "profile ID", and of a fact by its key "confirmed",
// "rejected" or "single".
type caseFile struct {
	file    string
	archive *txtar.Archive
	world   world
	in      Input
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 150 {
		t.Fatalf("only %d cases", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func readCase(t *testing.T, file string) *caseFile {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if why := strings.TrimSpace(string(archive.Comment)); !strings.HasSuffix(why, ".") {
		t.Fatal("the case doesn't say why in a sentence")
	}
	c := &caseFile{file: file, archive: archive}
	c.in = Input{Bundle: parse(t, c.part("report.json").Data), Received: received, Answers: Answers{AllConfirmed: true}}
	c.options(t)
	return c
}

// part returns a file of the case; what came out is made where it is missing.
func (c *caseFile) part(name string) *txtar.File {
	for i := range c.archive.Files {
		if c.archive.Files[i].Name == name {
			return &c.archive.Files[i]
		}
	}
	if name == "facts" || name == "record" || name == "alert" {
		c.archive.Files = append(c.archive.Files, txtar.File{Name: name})
		return &c.archive.Files[len(c.archive.Files)-1]
	}
	return &txtar.File{}
}

func (c *caseFile) draft(t *testing.T) Pair { return draft(t, c.world.made, c.in) }

func (c *caseFile) write(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func runCase(t *testing.T, file string) {
	c := readCase(t, file)
	pair := c.draft(t)
	demand(t, pair, c.part("never").Data, c.part("must").Data, c.part("mustnot").Data)
	compare(t, c.part("facts"), writeFacts(pair))
	compare(t, c.part("record"), writeRecord(pair.Record))
	if *update {
		c.write(t)
	}
}

func (c *caseFile) options(t *testing.T) {
	t.Helper()
	in, profile, member := &c.in, "healthcare-jp", ""
	eachLine(c.part("options").Data, func(line string) {
		switch name, value, _ := strings.Cut(line, " "); name {
		case "answers":
			in.Answers.AllConfirmed = false
		case "confirmed":
			in.Answers.Confirmed = append(in.Answers.Confirmed, value)
		case "rejected":
			in.Answers.Rejected = append(in.Answers.Rejected, value)
		case "single":
			in.Answers.SingleOK = append(in.Answers.SingleOK, value)
		case "member":
			member = value
		case "profile":
			profile = value
		default:
			t.Fatalf("unknown option %q", name)
		}
	})
	c.world = worldOf(t, profile)
	for _, o := range c.world.sector {
		if o.ID == member {
			in.Member = o
		}
	}
	if in.Member.ID != member {
		t.Fatalf("nobody has the id %q", member)
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
