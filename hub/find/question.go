// Package find is how released alerts are searched: what a person types into the one
// box, the tokens of Japanese and English text, and an index of alerts that says which
// match and what they have in common, without ever telling a small number.
//
// It knows released alerts alone. It trusts that what it is given was released, and
// nothing of what is typed.
//
//	q, err := find.Read(find.Question{Text: "VPN 203[.]0[.]113[.]47"})
//	x := find.New()
//	x.Put(find.Alert{Number: 7, Names: names})
//	found := x.All().And(x.Named(find.Name{Class: "technique", Value: "T1133"}))
package find

import (
	"slices"
	"strings"
)

// Question is what a person asks: what was typed, and what it was narrowed to.
type Question struct {
	Text string `json:"text"`
	Only []Name `json:"only"`
}

// Name is one thing that alerts have in common: a technique, a family, a type of
// indicator, a severity, a month.
type Name struct {
	Class string `json:"class"`
	Value string `json:"value"`
}

// String writes a name as one word of a form: the class, a space, the value.
func (n Name) String() string { return n.Class + " " + n.Value }

// ReadName reads what String wrote.
func ReadName(text string) (Name, bool) {
	class, value, ok := strings.Cut(text, " ")
	return Name{class, value}, ok && class != "" && value != ""
}

// Empty reports whether nothing is asked.
func (q Question) Empty() bool { return q.Text == "" && len(q.Only) == 0 }

// With narrows a question to alerts that have one thing more.
func (q Question) With(n Name) Question {
	if !slices.Contains(q.Only, n) {
		q.Only = append(slices.Clone(q.Only), n)
	}
	return q
}

// Without takes one thing back.
func (q Question) Without(n Name) Question {
	q.Only = slices.DeleteFunc(slices.Clone(q.Only), func(o Name) bool { return o == n })
	return q
}

// Limits of a question.
const (
	Longest  = 4000 // bytes of text
	MostOnly = 12
)

// Fits reports whether a question is within the limits.
func (q Question) Fits() bool { return len(q.Text) <= Longest && len(q.Only) <= MostOnly }

// refang undoes the ways in which people break a value so that nothing opens it.
var refang = strings.NewReplacer(
	"[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "[:]", ":", "[@]", "@", "[at]", "@", "(at)", "@",
	"hxxp", "http", "hXXp", "http", "HXXP", "http", "fxp://", "ftp://", "[://]", "://", "。", ".", "．", ".",
)

// Refanged is a value as it is compared.
func Refanged(value string) string { return refang.Replace(value) }
