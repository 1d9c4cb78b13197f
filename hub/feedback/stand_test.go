package feedback_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub/feedback"
	"isac/hub/stix"
)

var rules = feedback.Rules{
	K: k, Grace: 7 * 24 * time.Hour, Every: 7 * 24 * time.Hour, Step: 20,
	Slow: map[string]int{"ipv4-addr": 1, "url": 1, "file:hashes": 4, "file": 1},
}

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
		got := rules.Stand(c.i, c.counts, days(c.on).Add(5*time.Hour))
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
		got := rules.Stand(i, counts, now)
		if got.Confidence < 0 || got.Confidence > i.Confidence || got.ValidUntil.Before(i.From) {
			t.Fatalf("%d until %v", got.Confidence, got.ValidUntil)
		}
		if !now.Before(got.ValidUntil) && got.Confidence != 0 {
			t.Fatalf("worth %d after its end", got.Confidence)
		}
	})
}

// address is a released indicator.
func address() stix.Object {
	return stix.Object{
		"type": "indicator", "id": "indicator--1", "pattern": "[ipv4-addr:value = '203.0.113.9']", "name": "x", "confidence": 85,
		"valid_from": stix.FormatTime(day), "valid_until": stix.FormatTime(days(30)), "modified": stix.FormatTime(day),
	}
}

// An update changes confidence, end and modified, says what was stated before, and
// nothing else; without a word of k members, or a step of age, there is none.
func TestUpdateChangesOnlyWhatHasMoved(t *testing.T) {
	o := address()
	for on, want := range map[int]bool{0: false, 3: false, 6: false, 7: true, 29: true, 30: false, 90: false} {
		if got, ok := rules.Renewed(o, nil, days(on)); ok != want {
			t.Errorf("by age alone, on day %d: %v", on, got)
		}
	}
	wrong := []feedback.Count{told(feedback.FalsePositive, 10, 2)}
	got, ok := rules.Renewed(o, wrong, days(3))
	ref := got.Objs("external_references")
	if !ok || got["confidence"] != 28 || got.Str("valid_until") != stix.FormatTime(days(9)) || got.Str("modified") != stix.FormatTime(days(3)) ||
		len(ref) != 1 || ref[0].Str("external_id") != "85 "+stix.FormatTime(days(30)) {
		t.Errorf("called false: %v", got)
	}
	for name, value := range o {
		if !slices.Contains([]string{"confidence", "valid_until", "modified"}, name) && got[name] != value {
			t.Errorf("%s became %v", name, got[name])
		}
	}
	if o["confidence"] != 85 {
		t.Error("the released object was changed itself")
	}
	if _, ok := rules.Renewed(o, wrong, day); ok {
		t.Error("an indicator is changed before it was released")
	}
	off := rules
	off.Every = 0
	if _, ok := off.Renewed(o, nil, days(20)); ok {
		t.Error("age is told where nothing is updated")
	}
}

// What an update says follows from what was stated, from what is told and from the day,
// and from no update before it: nothing is lowered twice, and a word that is taken back
// leaves no trace.
func TestUpdatesDontAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := address()
		o, on := first, 0
		tellings := func() []feedback.Count {
			var counts []feedback.Count
			for _, a := range feedback.Verdicts() {
				if n := rapid.IntRange(0, 3).Draw(t, string(a)); n > 0 {
					counts = append(counts, told(a, n*k, rapid.IntRange(0, on).Draw(t, "since")))
				}
			}
			return counts
		}
		for range rapid.IntRange(0, 5).Draw(t, "updates") {
			on += rapid.IntRange(1, 9).Draw(t, "days")
			if next, ok := rules.Renewed(o, tellings(), days(on)); ok {
				o = next
			}
		}
		on++
		counts := tellings()
		one, ok1 := rules.Renewed(o, counts, days(on))
		two, ok2 := rules.Renewed(first, counts, days(on))
		if ok1 && ok2 && text(t, one) != text(t, two) {
			t.Fatalf("after updates\n%s\nand without\n%s", text(t, one), text(t, two))
		}
		i, ok := feedback.Stated(o)
		if want, _ := feedback.Stated(first); !ok || i != want {
			t.Fatalf("after updates it was stated as %+v, first as %+v", i, want)
		}
		if ok1 {
			if again, ok := rules.Renewed(one, counts, days(on).Add(time.Hour)); ok {
				t.Fatalf("an update is due after an update: %v", again)
			}
		}
	})
}

// An indicator that a later alert repeats is worth again what it was at first, less what
// members said of it.
func TestRepeatedIndicator(t *testing.T) {
	o := address()
	wrong := []feedback.Count{told(feedback.FalsePositive, 10, 2)}
	lowered, _ := rules.Renewed(o, wrong, days(3))
	again := address()
	again["valid_until"] = stix.FormatTime(days(50)) // prolonged on day 20
	got := rules.Repeated(again, lowered, nil, days(20))
	if got["confidence"] != 85 || got.Has("external_references") {
		t.Errorf("nothing is told any more: %v", got)
	}
	got = rules.Repeated(again, lowered, wrong, days(20))
	if got["confidence"] != 0 || got.Str("valid_until") != stix.FormatTime(days(9)) {
		t.Errorf("still called false: %v", got)
	}
	same := rules.Repeated(address(), lowered, wrong, days(4))
	if same["confidence"] != lowered["confidence"] {
		t.Errorf("it moved by less than a step, and is told: %v", same)
	}
}

func text(t *rapid.T, o stix.Object) string {
	data, err := stix.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
