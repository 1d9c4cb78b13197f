package attack_test

import (
	"bytes"
	"encoding/json"
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
	var table, again bytes.Buffer
	err = r.Markdown(&table, func(key string, args ...string) string { return key + strings.Join(args, "") })
	if err != nil || len(r.Rows) < 40 || strings.Count(table.String(), "|\n") < 40 {
		t.Errorf("%d rows, %v\n%s", len(r.Rows), err, table.String())
	}
	t.Log("\n" + table.String())
	once, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	r, err = attack.Run(t.Context(), attack.Options{Incidents: 40, Members: []int{60}, Organisations: 300, Seed: 11})
	if err != nil || json.NewEncoder(&again).Encode(r) != nil || bytes.Equal(once, again.Bytes()) {
		t.Error("another run gives the same", err)
	}
}
