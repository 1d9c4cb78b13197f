package feedback_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub/feedback"
)

const k = 10

var day = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)

// topics are what the invented ballots are about.
var topics = []feedback.Topic{
	feedback.OfIndicator("indicator--1"), feedback.OfAlert("a"),
	feedback.OfQuestion("a", feedback.Exposed), feedback.OfQuestion("a", feedback.RestoreTested),
}

func answersOf(t feedback.Topic) []feedback.Answer {
	_, q, ok := t.Question()
	if ok {
		return q.Answers()
	}
	return feedback.Verdicts()
}

// ballot draws what one of n members answers.
func ballot(n int) *rapid.Generator[feedback.Ballot] {
	return rapid.Custom(func(t *rapid.T) feedback.Ballot {
		who := rapid.IntRange(1, n).Draw(t, "who")
		topic := rapid.SampledFrom(topics).Draw(t, "topic")
		return feedback.Ballot{
			Season: rapid.SampledFrom([]string{"2026q1", "2026q2"}).Draw(t, "season"),
			Voter:  fmt.Sprint("v", who), With: fmt.Sprint("w", who), Topic: topic,
			Answer: rapid.SampledFrom(answersOf(topic)).Draw(t, "answer"),
		}
	})
}

func bytesOf(told []feedback.Count) string {
	data, err := json.Marshal(told)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// Whatever fewer than k members do, how often and in which order, it is as if they had
// done nothing.
func TestFewerThanKTellNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ballots := rapid.SliceOfN(ballot(k-1), 0, 400).Draw(t, "ballots")
		if got, none := bytesOf(feedback.Tell(ballots, k, nil, day)), bytesOf(feedback.Tell(nil, k, nil, day)); got != none {
			t.Fatalf("%d ballots of %d members tell %s", len(ballots), k-1, got)
		}
	})
}

// Beside answers that are told, those of fewer than k members on another topic change
// no byte.
func TestWhatDiffersBelowKIsToldAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		many := rapid.SliceOfN(ballot(60), 0, 400).Draw(t, "many")
		few := rapid.SliceOfN(ballot(k-1), 0, 100).Draw(t, "few")
		for i := range few {
			if topic, q, ok := few[i].Topic.Question(); ok {
				few[i].Topic = feedback.OfQuestion("other-"+topic, q)
			} else {
				few[i].Topic = "alert/other"
			}
		}
		want := bytesOf(feedback.Tell(many, k, nil, day))
		if got := bytesOf(feedback.Tell(slices.Concat(many, few), k, nil, day)); got != want {
			t.Fatalf("with the answers of a few: %s\nwithout: %s", got, want)
		}
	})
}

// A count is never more than the members who said so last, is a step of k, and the
// order of different members' ballots doesn't matter.
func TestOneBallotOfAMember(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ballots := rapid.SliceOfN(ballot(40), 0, 600).Draw(t, "ballots")
		last := map[string]feedback.Ballot{}
		for _, b := range ballots {
			last[b.Season+b.Voter+string(b.Topic)] = b
		}
		var once []feedback.Ballot
		for _, b := range last {
			once = append(once, b)
		}
		told := feedback.Tell(ballots, k, nil, day)
		if got := bytesOf(feedback.Tell(once, k, nil, day)); got != bytesOf(told) {
			t.Fatalf("each once: %s, all: %s", got, bytesOf(told))
		}
		for _, c := range told {
			n := map[string]int{}
			for _, b := range once {
				if b.Topic == c.Topic && b.Answer == c.Answer {
					n[b.Season]++
				}
			}
			if most := max(n["2026q1"], n["2026q2"]); c.AtLeast < k || c.AtLeast%k != 0 || c.AtLeast > most || most-c.AtLeast >= k {
				t.Fatalf("%d is told of %v", c.AtLeast, n)
			}
		}
	})
}

func same(n int, topic feedback.Topic, a feedback.Answer) []feedback.Ballot {
	var out []feedback.Ballot
	for i := range n {
		out = append(out, feedback.Ballot{Season: "2026q2", Voter: fmt.Sprint("v", i), With: fmt.Sprint("w", i), Topic: topic, Answer: a})
	}
	return out
}

func TestTellingInSteps(t *testing.T) {
	topic := topics[0]
	before := []feedback.Count{{Topic: topic, Answer: feedback.Seen, AtLeast: 10, Since: day.AddDate(0, 0, -3)}}
	for n, want := range map[int]int{0: 0, 9: 0, 10: 10, 19: 10, 20: 20, 29: 20} {
		told := feedback.Tell(same(n, topic, feedback.Seen), k, before, day)
		got := 0
		for _, c := range told {
			got = c.AtLeast
			if kept := c.AtLeast <= 10; kept != c.Since.Equal(before[0].Since) {
				t.Errorf("%d ballots: since %v", n, c.Since)
			}
		}
		if got != want {
			t.Errorf("%d ballots: at least %d is told, want %d", n, got, want)
		}
	}
}

// Members of one operator know of each other, and are one voice.
func TestMembersOfOneOperatorCountAsOne(t *testing.T) {
	ballots := same(30, topics[0], feedback.FalsePositive)
	for i := range ballots[:25] {
		ballots[i].With = "the group"
	}
	if told := feedback.Tell(ballots, k, nil, day); len(told) > 0 {
		t.Errorf("25 members of one operator and 5 more tell %v", told)
	}
}

func TestSeasonsAreNotAddedUp(t *testing.T) {
	ballots := same(9, topics[0], feedback.Seen)
	for _, b := range same(9, topics[0], feedback.Seen) {
		b.Season = "2026q3"
		ballots = append(ballots, b)
	}
	if told := feedback.Tell(ballots, k, nil, day); len(told) > 0 {
		t.Errorf("nine members in two seasons tell %v", told)
	}
}

func TestQuestionsOfAnAlert(t *testing.T) {
	ransom := map[string][]string{"technique": {"T1133", "T1486"}, "cve": {"CVE-2024-1"}, "product": {"x"}}
	if got := feedback.Questions(ransom); !slices.Equal(got, []feedback.Question{feedback.Exposed, feedback.BackupOffline, feedback.RestoreTested}) {
		t.Errorf("of ransomware is asked %v", got)
	}
	if got := feedback.Questions(map[string][]string{"technique": {"T1566"}}); len(got) > 0 {
		t.Errorf("of a mail is asked %v", got)
	}
	if topics[2].Allows(feedback.Seen) || topics[0].Allows(feedback.Have) || !topics[2].Allows(feedback.Fixed) || topics[3].Allows(feedback.Fixed) || feedback.Topic("pulse/a/x").Allows(feedback.Yes) {
		t.Error("an answer fits a topic that doesn't ask it, or the other way round")
	}
}
