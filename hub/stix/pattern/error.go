package pattern

import (
	"strconv"
	"unicode/utf8"

	"isac/hub"
)

// Error says which rule a pattern breaks, and where. It holds nothing of the
// pattern's text.
type Error struct {
	Rule   string // a rule below
	Offset int    // in characters, from 0
}

// The rules. The text of a problem is "problem." and the rule.
const (
	RuleEmpty     = "pattern-empty"
	RuleUTF8      = "pattern-utf8"
	RuleTooLarge  = "pattern-too-large"
	RuleTooDeep   = "pattern-too-deep"
	RuleTooMany   = "pattern-too-many-terms"
	RuleSyntax    = "pattern-syntax"
	RuleLiteral   = "pattern-literal"
	RuleRegex     = "pattern-regex"
	RuleAndTypes  = "pattern-and-types"
	RuleRepeats   = "pattern-repeats"
	RuleWithin    = "pattern-within"
	RuleStartStop = "pattern-start-stop"
	RuleTwice     = "pattern-qualifier-twice"
)

// Error implements error.
func (e *Error) Error() string {
	return "reading pattern: " + e.Rule + " at character " + strconv.Itoa(e.Offset)
}

// Problem is the error as one of the report, at the JSON pointer path. Its
// argument is the place in characters, from 1.
func (e *Error) Problem(path string) hub.Problem {
	return hub.Problem{Path: path, Rule: e.Rule, Args: []string{strconv.Itoa(e.Offset + 1)}}
}

// errorAt makes an Error of a place in bytes.
func errorAt(rule, text string, pos int) *Error {
	return &Error{Rule: rule, Offset: utf8.RuneCountInString(text[:pos])}
}
