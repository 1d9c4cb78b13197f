// Package feedback says what members may answer about what was released, and what
// may be told of their answers: sightings, blocks and false positives of an alert or
// an indicator, and the few closed questions of an alert (its pulse).
//
// What is told is a function of ballots in which no member stands, changes at fixed
// times only, and is silent below k: for two lots of ballots that differ below k the
// same is told, byte for byte. What an indicator is worth today is a function of
// what was released and what was told, so that any reader can compute it; a released
// indicator that answers or age have changed says what it was stated to be at first.
// The package trusts that a ballot's keyed names are the caller's own.
//
//	told := feedback.Tell(ballots, k, before, at)
//	today := rules.Stand(indicator, feedback.Of(told, topic), now)
package feedback

import (
	"slices"
	"strings"

	"isac/hub"
)

// Answer is what can be answered.
type Answer string

// The answers about an alert or an indicator, and to the questions of a pulse.
const (
	Seen          Answer = "seen"
	Blocked       Answer = "blocked"
	FalsePositive Answer = "false-positive"

	Have    Answer = "have"
	HaveNot Answer = "have-not"
	Fixed   Answer = "fixed"
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Verdicts are the answers about an alert or an indicator.
func Verdicts() []Answer { return []Answer{Seen, Blocked, FalsePositive} }

// Question is one closed question of a pulse.
type Question string

// The questions: whether the organisation has what the attackers used, whether one
// generation of its backups is offline, and whether restoring was tested within a year.
const (
	Exposed       Question = "exposed"
	BackupOffline Question = "backup-offline"
	RestoreTested Question = "restore-tested"
)

// Answers are what can be answered to a question.
func (q Question) Answers() []Answer {
	switch q {
	case Exposed:
		return []Answer{Have, HaveNot, Fixed, Unknown}
	case BackupOffline, RestoreTested:
		return []Answer{Yes, No, Unknown}
	}
	return nil
}

// Questions are what an alert asks, by the classes and values that it names: three at
// most, and of ransomware always the two about backups.
func Questions(names map[string][]string) []Question {
	var out []Question
	for _, class := range []string{"cve", "product", "route", "weakness"} {
		if len(names[class]) > 0 {
			out = append(out, Exposed)
			break
		}
	}
	if slices.Contains(names["technique"], encrypted) {
		out = append(out, BackupOffline, RestoreTested)
	}
	return out
}

// encrypted is the technique without which nothing is ransomware: Data Encrypted for Impact.
const encrypted = "T1486"

// Topic is what is answered about.
type Topic string

// OfIndicator is a released indicator, by its STIX id, which is the same in every alert.
func OfIndicator(stixID string) Topic { return Topic(stixID) }

// OfAlert is a released alert, by its id.
func OfAlert(id string) Topic { return Topic("alert/" + id) }

// Alert returns the alert of a topic about one.
func (t Topic) Alert() (id string, ok bool) { return strings.CutPrefix(string(t), "alert/") }

// OfQuestion is a question of an alert's pulse.
func OfQuestion(alert string, q Question) Topic { return Topic("pulse/" + alert + "/" + string(q)) }

// Question returns the alert and the question of a pulse's topic.
func (t Topic) Question() (alert string, q Question, ok bool) {
	rest, ok := strings.CutPrefix(string(t), "pulse/")
	if !ok {
		return "", "", false
	}
	alert, text, ok := strings.Cut(rest, "/")
	return alert, Question(text), ok && Question(text).Answers() != nil
}

// Allows reports whether an answer is one to the topic.
func (t Topic) Allows(a Answer) bool {
	if !strings.HasPrefix(string(t), "pulse/") {
		return slices.Contains(Verdicts(), a)
	}
	_, q, ok := t.Question()
	return ok && slices.Contains(q.Answers(), a)
}

// Request is what a member's machine sends on isac.feedback.<own nkey>, sealed to the
// hub's card or as it is: an answer about an alert by its id, about every released
// indicator of a value, or to a question of an alert. With Ask "told" it answers
// nothing, and asks for the newest telling.
type Request struct {
	Ask      string   `json:"ask,omitempty"`
	Alert    string   `json:"alert,omitempty"`
	Value    string   `json:"value,omitempty"`
	Question Question `json:"question,omitempty"`
	Answer   Answer   `json:"answer,omitempty"`
}

// Reply answers a Request. It is the same whatever was answered before, by whom. Told
// are the exact bytes of a Telling, for who asked, with the hub's signature over their
// SigningBytes.
type Reply struct {
	Told      []byte       `json:"told,omitempty"`
	Signature []byte       `json:"signature,omitempty"`
	Refused   *hub.Refusal `json:"refused,omitempty"`
}
