package validate_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"isac/hub/validate"
	"isac/internal/beside"
	"isac/schemas"
)

const corpus = "../../../shared/corpus/stix"

// TestCorpus wants the expected verdict for every document of the corpus, which
// lies outside the repository.
func TestCorpus(t *testing.T) {
	f, err := os.Open(filepath.Join(corpus, "INDEX.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		beside.Lacks(t, "the corpus of STIX documents")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	v := validator(t)
	agreed := map[string]int{}
	for _, row := range rows[1:] {
		path, want, reason := row[0], row[2], row[3]
		if got, why := verdict(t, v, path); got != want {
			t.Errorf("%s\n  want %s (%s)\n  got %s: %v", path, want, reason, got, why)
		} else {
			agreed[want]++
		}
	}
	t.Logf("as expected: %d valid, %d invalid, of %d", agreed["valid"], agreed["invalid"], len(rows)-1)
}

func verdict(t *testing.T, v *validate.Validator, path string) (string, any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpus, path))
	if err != nil {
		t.Fatal(err)
	}
	problems, err := v.Document(data)
	if err != nil {
		return "invalid", err
	}
	if len(problems) > 0 {
		return "invalid", problems
	}
	return "valid", nil
}

func validator(t testing.TB) *validate.Validator {
	t.Helper()
	v, err := validate.New(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
