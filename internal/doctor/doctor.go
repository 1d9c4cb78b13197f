// Package doctor finds what is wrong with a hub and says what to do about it: from the
// outside (files, disk, clock, certificates, backups) and from what a running hub says
// of itself. Looking and judging are apart: Outside and Inside are facts, Judge is pure.
//
// It trusts whoever may open the data folder. Findings hold classes, numbers and times,
// never whose.
//
//	findings := doctor.Judge(doctor.Look(folder), inside, time.Now())
package doctor

import (
	"fmt"
	"strconv"
	"time"
)

// Level is how bad a finding is.
type Level string

// The levels: all is well, look at it this week, act now.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Bad  Level = "bad"
)

// Finding is one answer. Its text is that of the key doctor.CHECK.STATE.
type Finding struct {
	Check string   `json:"check"`
	State string   `json:"state"` // "ok", or what is the matter
	Level Level    `json:"level"`
	Args  []string `json:"args,omitempty"`
}

// Text is the key of the finding's text.
func (f Finding) Text() string { return "doctor." + f.Check + "." + f.State }

// Outside is what can be seen without the hub.
type Outside struct {
	Open      []string    // files and folders that others may read, below the data folder
	Foreign   int         // files of other users
	Free      uint64      // bytes on the disk
	Size      uint64      // of the disk, in bytes; 0 when unknown
	Future    int         // files of the data folder that are dated later than now
	Unsynced  bool        // the system says that its clock isn't kept by anybody
	Ends      []time.Time // of certificates
	Needed    int64       // memory in bytes, when the hub last looked; 0 when it never did
	Bound     int64       // what it might have then
	Settings  string      // what is wrong with the settings, "" when nothing is
	Next      bool        // a next key of alerts was prepared and isn't in use
	Misplaced bool        // the key of alerts isn't where the settings say
	Backup    time.Time   // the newest, zero when there is none
	NoFolder  bool
	Unreached bool // a hub holds the folder, and doesn't answer
}

// Inside is what a running hub says of itself.
type Inside struct {
	Storing     bool           `json:"storing"`
	Room        bool           `json:"room"`
	View        bool           `json:"view"`
	Behind      uint64         `json:"behind"`  // entries of the log that the view lacks
	Waiting     int            `json:"waiting"` // reports without a case yet
	Oldest      time.Duration  `json:"oldest"`  // how long the first of them has waited
	Turned      time.Time      `json:"turned"`  // when the clocks were last looked at
	Now         time.Time      `json:"now"`     // by the hub's clock
	Missed      int            `json:"missed"`  // what time asks for and isn't done
	Alarms      map[string]int `json:"alarms"`  // that fell due since the start, by duty
	Moderators  int            `json:"moderators"`
	Short       int            `json:"short"` // members whose case would find too few
	Members     int            `json:"members"`
	Late        map[string]int `json:"late"` // retention, by class
	Bytes       uint64         `json:"bytes"`
	Limit       uint64         `json:"limit"` // of all streams, in bytes; 0 for none
	Full        []string       `json:"full"`  // streams near their own limit
	Replicas    []string       `json:"replicas"`
	Unsigned    bool           `json:"unsigned"` // the signer is away or refuses
	TooLong     bool           `json:"too_long"` // it refuses, of an alert's length
	Replaced    bool           `json:"replaced"` // another node changed the key of alerts
	Unsure      bool           `json:"unsure"`   // the log didn't say whether it was changed
	Connections int            `json:"connections"`
}

const day = 24 * time.Hour

// Judge says what the facts mean. A nil inside is a hub that doesn't run.
func Judge(o Outside, in *Inside, now time.Time) []Finding {
	out := outside(o, now)
	if in == nil {
		state := "stopped"
		if o.Unreached {
			state = "silent"
		}
		return append(out, Finding{"hub", state, Bad, nil})
	}
	out = append(out, Finding{"hub", "ok", OK, []string{strconv.Itoa(in.Members), strconv.Itoa(in.Connections)}})
	return append(out, inside(*in)...)
}

func outside(o Outside, now time.Time) []Finding {
	if o.NoFolder {
		return []Finding{{"folder", "missing", Bad, nil}}
	}
	return []Finding{
		choose("settings", c{o.Settings != "", "wrong", Bad, []string{o.Settings}}),
		choose("folder", c{len(o.Open) > 0, "open", Bad, []string{first(o.Open), strconv.Itoa(len(o.Open))}}, c{o.Foreign > 0, "foreign", Bad, []string{strconv.Itoa(o.Foreign)}}),
		choose("key", c{o.Misplaced, "misplaced", Bad, nil}, c{o.Next, "next", Warn, nil}),
		choose("disk", c{o.Size > 0 && o.Free < 256<<20, "full", Bad, []string{size(o.Free)}}, c{o.Size > 0 && (o.Free < 2<<30 || o.Free < o.Size/20), "low", Warn, []string{size(o.Free)}}),
		choose("memory", c{o.Bound == 0, "unknown", OK, nil}, c{o.Needed > o.Bound, "short", Bad, []string{mebibytes(o.Needed + 1<<20 - 1), mebibytes(o.Bound)}}),
		choose("clock", c{o.Future > 0, "behind", Bad, []string{strconv.Itoa(o.Future)}}, c{o.Unsynced, "unkept", Warn, nil}),
		certificates(o.Ends, now),
		choose("backup", c{o.Backup.IsZero(), "none", Warn, nil}, c{now.Sub(o.Backup) > 7*day, "old", Bad, []string{days(now.Sub(o.Backup))}}, c{now.Sub(o.Backup) > 2*day, "aging", Warn, []string{days(now.Sub(o.Backup))}}),
	}
}

func inside(in Inside) []Finding {
	out := []Finding{
		choose("streams", c{!in.Storing, "stopped", Bad, nil}, c{!in.Room, "full", Bad, nil}, c{len(in.Full) > 0, "limit", Bad, []string{first(in.Full)}},
			c{in.Limit > 0 && in.Bytes > in.Limit/5*4, "account", Bad, []string{size(in.Bytes), size(in.Limit)}}, c{len(in.Replicas) > 0, "replicas", Warn, []string{first(in.Replicas)}}),
		choose("view", c{!in.View, "unreadable", Bad, nil}, c{in.Behind > 1000, "behind", Warn, []string{strconv.FormatUint(in.Behind, 10)}}),
		choose("queue", c{in.Oldest > 5*time.Minute, "stuck", Bad, []string{strconv.Itoa(in.Waiting), minutes(in.Oldest)}}),
		choose("clocks", c{in.Turned.IsZero() || in.Now.Sub(in.Turned) > Stalled, "stopped", Bad, nil}, c{in.Missed > 0, "missed", Bad, []string{strconv.Itoa(in.Missed)}},
			c{
				in.Alarms["flash-late"]+in.Alarms["full-late"]+in.Alarms["review-late"]+in.Alarms["draft-late"] > 0, "late", Warn,
				[]string{strconv.Itoa(in.Alarms["flash-late"] + in.Alarms["full-late"] + in.Alarms["review-late"] + in.Alarms["draft-late"])},
			}),
		choose("signer", c{in.Unsure, "unsure", Bad, nil}, c{in.Replaced, "replaced", Bad, nil}, c{in.TooLong, "long", Bad, nil}, c{in.Unsigned, "away", Bad, nil}),
		choose("moderators", c{in.Members > 0 && in.Moderators < 4, "few", Bad, []string{strconv.Itoa(in.Moderators)}}, c{in.Short > 0, "short", Warn, []string{strconv.Itoa(in.Short)}}),
	}
	late := Finding{"retention", "ok", OK, nil}
	for what, n := range in.Late {
		if n > 0 && (late.State == "ok" || what < late.Args[0]) {
			late = Finding{"retention", "overdue", Bad, []string{what, strconv.Itoa(n)}}
		}
	}
	return append(out, late)
}

// Stalled is how long the clocks may stand before a hub counts as dead.
const Stalled = 10 * time.Minute

// c is one thing that may be the matter.
type c struct {
	is    bool
	state string
	level Level
	args  []string
}

// choose takes the first thing that is the matter.
func choose(check string, of ...c) Finding {
	for _, one := range of {
		if one.is {
			return Finding{check, one.state, one.level, one.args}
		}
	}
	return Finding{check, "ok", OK, nil}
}

func certificates(ends []time.Time, now time.Time) Finding {
	if len(ends) == 0 {
		return Finding{"certificate", "none", OK, nil}
	}
	end := ends[0]
	for _, e := range ends {
		if e.Before(end) {
			end = e
		}
	}
	args := []string{end.UTC().Format(time.DateOnly)}
	f := choose("certificate", c{!now.Before(end), "ended", Bad, args}, c{end.Sub(now) < 30*day, "ending", Warn, args})
	f.Args = args
	return f
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func days(d time.Duration) string    { return strconv.Itoa(int(d / day)) }
func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }
func mebibytes(n int64) string       { return strconv.FormatInt(n>>20, 10) }
func size(n uint64) string           { return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30)) }

// Worst is the highest level among findings.
func Worst(all []Finding) Level {
	worst := OK
	for _, f := range all {
		if f.Level == Bad || f.Level == Warn && worst == OK {
			worst = f.Level
		}
	}
	return worst
}
