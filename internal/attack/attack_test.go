package attack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"isac/internal/attack"
)

// small is a run that CI can afford; the README's is `isacd attack`.
var small = attack.Options{Incidents: 160, Members: []int{60, 400}, Organisations: 1200, Seed: 11}

// TestNobodyIsFound: no adversary comes above its bound, nothing planted comes out,
// and the attacker's facts stay.
func TestNobodyIsFound(t *testing.T) {
	r, err := attack.Run(t.Context(), small)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Failed() {
		if strings.HasPrefix(row.Name, "sentences.") {
			continue // TestSentencesAreRead
		}
		t.Errorf("%s of %d members: %.3f of %d [%.3f, %.3f], bound %.3f; %v", row.Name+row.Detail, row.Members, row.Rate, row.Tries, row.Low, row.High, row.Bound, row.Kinds)
	}
	var table bytes.Buffer
	err = r.Markdown(&table, func(key string, args ...string) string { return key + strings.Join(args, "") })
	if err != nil || len(r.Rows) < 40 || strings.Count(table.String(), "|\n") < 40 {
		t.Errorf("%d rows, %v\n%s", len(r.Rows), err, table.String())
	}
	t.Log("\n" + table.String())
}

// TestSameSeedSameFigures: what the README says can be had again.
func TestSameSeedSameFigures(t *testing.T) {
	run := func(seed uint64) string {
		r, err := attack.Run(t.Context(), attack.Options{Incidents: 20, Members: []int{60}, Organisations: 80, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	once := run(5)
	if again := run(5); once != again {
		t.Errorf("not the same:\n%s\n%s", once, again)
	}
	if other := run(6); once == other {
		t.Error("another seed gives the same")
	}
}

func TestRefusesWhatCannotBeInvented(t *testing.T) {
	for _, o := range []attack.Options{{Incidents: 10}, {Incidents: 100, Members: []int{10}}, {Incidents: 100, Members: []int{20_000}}} {
		_, err := attack.Run(t.Context(), o)
		if !errors.Is(err, attack.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
