package gate

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	isoDate   = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})[-/.年 ]{1,2}([0-9]{1,2})[-/.月 ]{1,2}([0-9]{1,2})(?:[^0-9]|$)`)
	plainDate = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)`)
	eraDate   = regexp.MustCompile(`(明治|大正|昭和|平成|令和|[MTSHR])\s*([0-9]{1,2}|元)[.年/]\s*([0-9]{1,2})[.月/]\s*([0-9]{1,2})`)
	dayDate   = regexp.MustCompile(`(?:^|[^0-9年])([0-9]{1,2})月([0-9]{1,2})日`)
	wordDate  = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ((?:19|20)[0-9]{2}))?`)
	dateWord  = regexp.MustCompile(`(?i)\b([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:,? ((?:19|20)[0-9]{2}))?`)
	zuluTime  = regexp.MustCompile(`((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}):?[0-9]{2}.*Z`)
)

// eras begin in the year after the one given.
var eras = map[string]int{"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

// dates adds every notation of every date that a value tells. A time in UTC also
// adds its day in Japan.
func (l *leftOut) dates(raw, v string) {
	if v = foldWidth(v); !mayDate(v) {
		return
	}
	for _, re := range []*regexp.Regexp{isoDate, plainDate} {
		for _, m := range re.FindAllStringSubmatch(v, -1) {
			l.date(raw, atoi(m[1]), atoi(m[2]), atoi(m[3]))
		}
	}
	for _, m := range eraDate.FindAllStringSubmatch(v, -1) {
		year := 1
		if m[2] != "元" {
			year = atoi(m[2])
		}
		l.date(raw, eras[m[1]]+year, atoi(m[3]), atoi(m[4]))
	}
	for _, m := range dayDate.FindAllStringSubmatch(v, -1) {
		l.date(raw, 0, atoi(m[1]), atoi(m[2]))
	}
	for _, m := range wordDate.FindAllStringSubmatch(v, -1) {
		l.date(raw, atoi(m[3]), month(m[1]), atoi(m[2]))
	}
	for _, m := range dateWord.FindAllStringSubmatch(v, -1) {
		l.date(raw, atoi(m[3]), month(m[2]), atoi(m[1]))
	}
	for _, m := range zuluTime.FindAllStringSubmatch(v, -1) {
		if t, err := time.Parse("2006-01-02T15", m[1]); err == nil {
			t = t.Add(9 * time.Hour)
			l.date(raw, t.Year(), int(t.Month()), t.Day())
		}
	}
}

// mayDate reports whether v may tell a date: it has a year, a month or an era.
func mayDate(v string) bool {
	digits, run := false, 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && v[i] >= '0' && v[i] <= '9' {
			digits = true
			run++
			continue
		}
		if (run == 4 || run == 8) && (v[i-run:i-run+2] == "20" || v[i-run:i-run+2] == "19") {
			return true
		}
		run = 0
	}
	if !digits {
		return false
	}
	if strings.Contains(v, "月") || strings.ContainsAny(v, "MTSHR") && strings.ContainsAny(v, "./") {
		return true
	}
	return hasMonth(strings.ToLower(v))
}

// hasMonth reports whether the name of a month stands in v, in small letters.
func hasMonth(v string) bool {
	if !strings.ContainsRune(v, ' ') {
		return false
	}
	for i := 0; i < len(monthNames); i += 3 {
		if strings.Contains(v, monthNames[i:i+3]) {
			return true
		}
	}
	return false
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func month(s string) int { return strings.Index(monthNames, strings.ToLower(s[:3]))/3 + 1 }

// date adds the notations of one day; y 0 is an unknown year.
func (l *leftOut) date(raw string, y, m, d int) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return
	}
	key := "date:" + strconv.Itoa(y*10000+m*100+d)
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	ms, ds := strconv.Itoa(m), strconv.Itoa(d)
	for _, ms := range appendNew([]string{ms}, pad(ms)) {
		for _, ds := range appendNew([]string{ds}, pad(ds)) {
			l.group(raw, ms+"月"+ds+"日", ms, ds)
			if y > 0 {
				ys := strconv.Itoa(y)
				l.group(raw, ys+ms+ds, ys, ms, ds)
				l.group(raw, ms+ds+ys, ms, ds, ys)
				l.group(raw, ds+ms+ys, ds, ms, ys)
				l.group(raw, ys+"年"+ms+"月"+ds+"日", ys, ms, ds)
			}
		}
	}
	l.add(raw, kanjiDay(m)+"月"+kanjiDay(d)+"日", leftEdge)
	l.wordDates(raw, ds, m, y)
	l.eraDates(raw, y, ms, ds)
	if y > 0 {
		l.group(raw, strconv.Itoa(y)+"年"+ms+"月", strconv.Itoa(y), ms)
	}
}

// group adds a needle whose digits must stand in the groups given.
func (l *leftOut) group(raw, text string, parts ...string) {
	sizes := make([]string, len(parts))
	for i, p := range parts {
		sizes[i] = strconv.Itoa(len(p))
	}
	l.needles = append(l.needles, needle{text: squeeze(text), raw: raw, class: "date", rule: groups, aux: strings.Join(sizes, "-")})
}

// wordDates adds the notations with the month as an English word. The day and month
// without the year are among them, so that every year is covered.
func (l *leftOut) wordDates(raw, day string, m, y int) {
	full := strings.ToLower(time.Month(m).String())
	for _, name := range appendNew([]string{full}, full[:3]) {
		for _, d := range []string{day, day + ordinal(day)} {
			l.group(raw, name+d, day)
			l.group(raw, d+name, day)
			l.group(raw, d+"of"+name, day)
			if y > 0 {
				ys := strconv.Itoa(y)
				l.group(raw, name+d+ys, day, ys)
			}
		}
		if y > 0 {
			l.group(raw, name+strconv.Itoa(y), strconv.Itoa(y))
		}
	}
}

func (l *leftOut) eraDates(raw string, y int, ms, ds string) {
	for era, before := range eras {
		year := y - before
		if y == 0 || year < 1 || year > 64 {
			continue
		}
		ys := strconv.Itoa(year)
		l.group(raw, era+ys+"年"+ms+"月"+ds+"日", ys, ms, ds)
		l.group(raw, era+ys+ms+ds, ys, ms, ds)
		l.group(raw, era+pad(ys)+pad(ms)+pad(ds), "00", "00", "00")
		if year == 1 {
			l.group(raw, era+"元年"+ms+"月"+ds+"日", ms, ds)
		}
	}
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func ordinal(day string) string {
	switch {
	case strings.HasPrefix(day, "1") && len(day) == 2:
		return "th"
	case strings.HasSuffix(day, "1"):
		return "st"
	case strings.HasSuffix(day, "2"):
		return "nd"
	case strings.HasSuffix(day, "3"):
		return "rd"
	}
	return "th"
}

// kanjiDay writes 1 to 31 as 一 to 三十一.
func kanjiDay(n int) string {
	ones := []rune("〇一二三四五六七八九")
	s := ""
	if n >= 20 {
		s = string(ones[n/10])
	}
	if n >= 10 {
		s += "十"
	}
	if n%10 > 0 {
		s += string(ones[n%10])
	}
	return s
}
