package feedback

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// Ballot is one member's answer without the member. Voter and With are keyed names,
// of the member and of those who know of it (its operator); they are good within one
// season, after which their key is gone.
type Ballot struct {
	Season string
	Voter  string
	With   string
	Topic  Topic
	Answer Answer
}

// Count is how many are known to have answered so: at least so many, in steps of k.
type Count struct {
	Topic   Topic     `json:"topic"`
	Answer  Answer    `json:"answer"`
	AtLeast int       `json:"at_least"`
	Since   time.Time `json:"since"` // the telling that raised it last
}

// Period is how long what was told stays as it is, so that nobody can watch a count move.
const Period = 24 * time.Hour

// Moment is the telling that is due at an instant.
func Moment(now time.Time) time.Time { return now.UTC().Truncate(Period) }

// Tell returns what may be told of the ballots at a telling, of which before was the
// last. A member has one ballot on a topic, the last one; members who know of each
// other count as one. Seasons are not added up, since nobody can tell whether two
// ballots are of one member; the largest counts.
func Tell(ballots []Ballot, k int, before []Count, at time.Time) []Count {
	var out []Count
	for key, n := range largest(count(ballots)) {
		n = n / k * k
		if n == 0 || !key.topic.Allows(key.answer) {
			continue
		}
		c := Count{Topic: key.topic, Answer: key.answer, AtLeast: n, Since: at}
		for _, b := range before {
			if b.Topic == c.Topic && b.Answer == c.Answer && b.AtLeast >= n {
				c.Since = b.Since
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Answer, b.Answer))
	})
	return out
}

type key struct {
	topic  Topic
	answer Answer
}

type seasonal struct {
	season string
	key
}

// count counts who stands together once.
func count(ballots []Ballot) map[seasonal]int {
	type voter struct {
		season, name string
		topic        Topic
	}
	last := map[voter]Ballot{}
	for _, b := range ballots {
		last[voter{b.Season, b.Voter, b.Topic}] = b
	}
	together := map[seasonal]map[string]bool{}
	for _, b := range last {
		s := seasonal{b.Season, key{b.Topic, b.Answer}}
		if together[s] == nil {
			together[s] = map[string]bool{}
		}
		together[s][b.With] = true
	}
	out := map[seasonal]int{}
	for s, names := range together {
		out[s] = len(names)
	}
	return out
}

func largest(counts map[seasonal]int) map[key]int {
	out := map[key]int{}
	for s, n := range counts {
		out[s.key] = max(out[s.key], n)
	}
	return out
}

// Of returns the counts of one topic.
func Of(told []Count, t Topic) []Count {
	var out []Count
	for _, c := range told {
		if c.Topic == t {
			out = append(out, c)
		}
	}
	return out
}

// Telling is all that is told from a moment on, until the next.
type Telling struct {
	At     time.Time `json:"at"`
	Counts []Count   `json:"counts"`
}

// Subject is where the log has the newest telling.
const Subject = "told.counts"

// PulseCSV writes what is told of the questions of all alerts, as a table for who is
// to know how the sector stands.
func PulseCSV(w io.Writer, told []Count) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"alert", "question", "answer", "at_least", "since"}}
	for _, c := range told {
		alert, q, ok := c.Topic.Question()
		if ok {
			rows = append(rows, []string{alert, string(q), string(c.Answer), strconv.Itoa(c.AtLeast), c.Since.UTC().Format(time.DateOnly)})
		}
	}
	err := out.WriteAll(rows)
	if err != nil {
		return fmt.Errorf("writing pulse: %w", err)
	}
	return nil
}

// SigningBytes are what the hub signs of a telling's bytes, with its alert key: no
// bundle begins so.
func SigningBytes(telling []byte) []byte { return append([]byte("isac telling v1\n"), telling...) }
