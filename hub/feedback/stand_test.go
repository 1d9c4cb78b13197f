package feedback_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub/feedback"
	"isac/hub/stix"
)

func days(n int) time.Time { return day.AddDate(0, 0, n) }

func told(a feedback.Answer, n, since int) feedback.Count {
	return feedback.Count{Topic: topics[0], Answer: a, AtLeast: n, Since: days(since)}
}

func TestWhatAnIndicatorIsWorth(t *testing.T) {
	address := feedback.Indicator{Type: "ipv4-addr:value", Confidence: 80, From: day, Until: days(30)}
	domain := feedback.Indicator{Type: "domain-name:value", Confidence: 80, From: day, Until: days(90)}
	hash := feedback.Indicator{Type: "file:hashes.'SHA-256'", Confidence: 80, From: day, Until: days(365)}
	for name, c := range map[string]struct {
		i          feedback.Indicator
		counts     []feedback.Count
		on         int
		confidence int
		until      int
	}{
		"new":                              {address, nil, 0, 80, 30},
		"half its life":                    {address, nil, 15, 40, 30},
		"over":                             {address, nil, 30, 0, 30},
		"a domain, half its life":          {domain, nil, 45, 60, 90},
		"a hash, half its life":            {hash, nil, 182, 75, 365},
		"seen late":                        {address, []feedback.Count{told(feedback.Seen, 10, 28)}, 28, 80, 58},
		"seen long ago":                    {address, []feedback.Count{told(feedback.Blocked, 10, 28)}, 43, 40, 58},
		"called false":                     {address, []feedback.Count{told(feedback.FalsePositive, 10, 0)}, 0, 40, 7},
		"called false by more":             {address, []feedback.Count{told(feedback.FalsePositive, 30, 0)}, 0, 20, 7},
		"called false by as many as saw":   {address, []feedback.Count{told(feedback.FalsePositive, 10, 2), told(feedback.Seen, 10, 2)}, 2, 53, 32},
		"called false, and the grace over": {hash, []feedback.Count{told(feedback.FalsePositive, 10, 0)}, 8, 0, 7},
	} {
		got := feedback.Stand(c.i, c.counts, k, days(c.on).Add(5*time.Hour))
		if got.Confidence != c.confidence || !got.ValidUntil.Equal(days(c.until)) {
			t.Errorf("%s: %d until %v, want %d until %v", name, got.Confidence, got.ValidUntil, c.confidence, days(c.until))
		}
	}
}

// Nothing raises a confidence above what was released, and false positives only lower.
func TestConfidenceOnlyFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := feedback.Indicator{
			Type:       rapid.SampledFrom([]string{"url:value", "domain-name:value", "file:hashes.MD5"}).Draw(t, "type"),
			Confidence: rapid.IntRange(0, 100).Draw(t, "confidence"), From: day, Until: days(rapid.IntRange(1, 400).Draw(t, "life")),
		}
		var counts []feedback.Count
		for _, a := range feedback.Verdicts() {
			if n := rapid.IntRange(0, 5).Draw(t, string(a)); n > 0 {
				counts = append(counts, told(a, n*k, rapid.IntRange(0, 400).Draw(t, "since")))
			}
		}
		now := days(rapid.IntRange(0, 900).Draw(t, "now"))
		got := feedback.Stand(i, counts, k, now)
		if got.Confidence < 0 || got.Confidence > i.Confidence || got.ValidUntil.Before(i.From) {
			t.Fatalf("%d until %v", got.Confidence, got.ValidUntil)
		}
		if !now.Before(got.ValidUntil) && got.Confidence != 0 {
			t.Fatalf("worth %d after its end", got.Confidence)
		}
	})
}

// An update changes confidence, end and modified, and nothing else; without a word of k
// members there is none.
func TestUpdateChangesOnlyWhatIsTold(t *testing.T) {
	o := stix.Object{
		"type": "indicator", "id": "indicator--1", "pattern": "[ipv4-addr:value = '203.0.113.9']", "name": "x", "confidence": 80,
		"valid_from": stix.FormatTime(day), "valid_until": stix.FormatTime(days(30)), "modified": stix.FormatTime(day),
	}
	if got, ok := feedback.Updated(o, nil, k, days(3)); ok {
		t.Errorf("without a word: %v", got)
	}
	wrong := []feedback.Count{told(feedback.FalsePositive, 10, 2)}
	got, ok := feedback.Updated(o, wrong, k, days(3))
	if !ok || got["confidence"] != 40 || got.Str("valid_until") != stix.FormatTime(days(9)) || got.Str("modified") != stix.FormatTime(days(3)) {
		t.Errorf("called false: %v", got)
	}
	for name, value := range o {
		if !slices.Contains([]string{"confidence", "valid_until", "modified"}, name) && got[name] != value {
			t.Errorf("%s became %v", name, got[name])
		}
	}
	if o["confidence"] != 80 {
		t.Error("the released object was changed itself")
	}
	if _, ok := feedback.Updated(o, wrong, k, day); ok {
		t.Error("an indicator is changed before it was released")
	}
}
