package console

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// usual is the width of a terminal that doesn't tell its own.
const usual = 80

// Width is how many columns the terminal has: what COLUMNS says, else what the
// terminal says, else 80.
func (e *Env) Width() int {
	n, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err == nil && n > 0 {
		return n
	}
	f, ok := e.Out.(*os.File)
	if ok && Terminal(f) {
		n = columns(f)
	}
	if n > 0 {
		return n
	}
	return usual
}

// Columns counts the columns that a text takes on a terminal: two for a full-width
// character.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Wrap breaks a text into lines of at most n columns: between words, and between any
// two characters of a script that is written without spaces.
func Wrap(s string, n int) []string {
	var lines []string
	line, taken := "", 0
	add := func(word string) {
		if taken > 0 && taken+Columns(word) > n {
			lines, line, taken = append(lines, strings.TrimRight(line, " ")), "", 0
			word = strings.TrimLeft(word, " ")
		}
		for head := Cut(word, n); len(head) < len(word); head = Cut(word, n) { // longer than a line
			lines, word = append(lines, head), word[len(head):]
		}
		line, taken = line+word, taken+Columns(word)
	}
	word := ""
	for _, r := range s {
		switch {
		case r == ' ':
			add(word)
			word = " "
		case columnsOf(r) == 2 && !strings.ContainsRune(noStart, r):
			add(word)
			word = string(r)
		default:
			word += string(r)
		}
	}
	add(word)
	if line == "" && lines != nil {
		return lines
	}
	return append(lines, strings.TrimRight(line, " "))
}

// noStart are characters that no Japanese line begins with.
const noStart = "。、）」』】〕，．！？：；・ーっゃゅょッャュョ々"

// Cut returns the longest beginning of a text that takes at most n columns, and one
// character at the least.
func Cut(s string, n int) string {
	taken := 0
	for i, r := range s {
		taken += columnsOf(r)
		if taken > n && i > 0 {
			return s[:i]
		}
	}
	return s
}
