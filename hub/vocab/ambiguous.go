package vocab

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// shortest is the number of letters below which no name stands alone.
const shortest = 4

// ambiguous decides which names are also something else. Most names are judged by
// their form; ambiguous.txt holds the exceptions either way.
type ambiguous struct{ yes, no map[string]bool }

func loadAmbiguous() ambiguous {
	a := ambiguous{yes: map[string]bool{}, no: map[string]bool{}}
	for _, line := range readLines("ambiguous.txt") {
		if name, found := strings.CutPrefix(line, "!"); found {
			a.no[Key(name)] = true
		} else {
			a.yes[Key(line)] = true
		}
	}
	return a
}

// telling are parts of made-up names that no place, person or firm has.
var telling = regexp.MustCompile(`(?i)lock(?:er|bit)|crypt|ransom|bot$|loader|stealer|malware|trojan|backdoor|wiper|worm|keylog|botnet|spy$|^apt-?\d|^fin\d|^unc\d|^ta\d|^dev-\d|rootkit|[a-z]rat$| rat$|RAT$|crypter|dropper|miner$| (panda|spider|typhoon|blizzard|sleet|tempest|kitten|bear|group|gang|sandstorm|tsunami|rain|team|dragon|tiger)$`)

// twoHumps is a word with a capital or digit inside: "LockBit", "BlackCat", "7ev3n".
var twoHumps = regexp.MustCompile(`^[A-Za-z]*[a-z][A-Z0-9][A-Za-z0-9]*$|^[A-Z]{2,}[a-z]+[A-Z]|[a-zA-Z]\d|\d[a-zA-Z]`)

// vouched reports whether the list says that the name is nothing else, however it
// is written. A name that only looks made up counts only as the table writes it.
func (a ambiguous) vouched(name string) bool { return a.no[Key(name)] }

func (a ambiguous) is(name string) bool {
	key := Key(name)
	switch {
	case a.no[key]:
		return false
	case a.yes[key], utf8.RuneCountInString(key) < shortest:
		return true
	case strings.IndexFunc(name, func(r rune) bool { return r >= 0x3040 }) >= 0:
		return false
	case strings.HasSuffix(name, ".exe"), strings.HasSuffix(name, ".py"), telling.MatchString(name):
		return false
	}
	return !twoHumps.MatchString(name)
}
