package export

import (
	"strings"
	"time"

	"isac/hub"
)

// Events of a SIEM: one indicator, one event.

// weight is a severity on the scale of ten.
func weight(s hub.Severity) string {
	switch s {
	case hub.Critical:
		return "10"
	case hub.High:
		return "8"
	case hub.Medium:
		return "5"
	}
	return "3"
}

// The Common Event Format, version 0: a head in which "|" is escaped, pairs in which "="
// is.
var cefForm = Form{Name: "cef", Media: "text/plain; charset=utf-8", Ext: ".cef", put: func(w *Writer, i Indicator) bool {
	if !plain(i.Value) {
		return false
	}
	w.say("CEF:0|isac|", inHead.Replace(oneLine(w.Hub)), "|1|indicator|Released indicator|", weight(i.Severity), "|")
	w.say("cat=", inPair.Replace(string(i.Kind)), " cs1Label=value cs1=", inPair.Replace(i.Value), " cs2Label=alert cs2=", i.Alert,
		" cn1Label=alert_number cn1=", itoa(i.Number), " cn2Label=confidence cn2=", itoa(i.Confidence), " cs3Label=tlp cs3=", string(i.TLP),
		" start=", itoa(i.From.UnixMilli()), " end=", itoa(i.Until.UnixMilli()), " externalId=", i.ID, "\n")
	return true
}}

var (
	inHead = strings.NewReplacer(`\`, `\\`, "|", `\|`)
	inPair = strings.NewReplacer(`\`, `\\`, "=", `\=`)
)

// The Log Event Extended Format, version 2.0, with a sign between pairs that is in no
// value.
var leefForm = Form{Name: "leef", Media: "text/plain; charset=utf-8", Ext: ".leef", put: func(w *Writer, i Indicator) bool {
	if !plain(i.Value) {
		return false
	}
	w.say("LEEF:2.0|isac|", strings.ReplaceAll(oneLine(w.Hub), "|", "/"), "|1|indicator|x09|")
	w.say("cat=", string(i.Kind), "\tvalue=", i.Value, "\talert=", i.Alert, "\talertNumber=", itoa(i.Number), "\tconfidence=", itoa(i.Confidence),
		"\tsev=", weight(i.Severity), "\ttlp=", string(i.TLP), "\tvalidFrom=", i.From.UTC().Format(time.RFC3339), "\tvalidUntil=", i.Until.UTC().Format(time.RFC3339), "\tid=", i.ID, "\n")
	return true
}}

// Messages of syslog with structured data (RFC 5424, section 6.3), one a line. 32473 is
// the number that is kept for examples (RFC 5612): an operator maps it.
var syslogForm = Form{Name: "syslog", Media: "text/plain; charset=utf-8", Ext: ".log", put: func(w *Writer, i Indicator) bool {
	if !plain(i.Value) {
		return false
	}
	w.say("<", priority(i.Severity), ">1 ", w.Made.Format("2006-01-02T15:04:05.000Z"), " - isac - indicator [isac@32473 type=\"", inData.Replace(string(i.Kind)), `" value="`, inData.Replace(i.Value),
		`" confidence="`, itoa(i.Confidence), `" alert="`, i.Alert, `" number="`, itoa(i.Number), `" tlp="`, string(i.TLP),
		`" valid_until="`, i.Until.UTC().Format(time.RFC3339), "\"]\n")
	return true
}}

// inData escapes what ends a value of structured data.
var inData = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "]", `\]`)

// priority is facility 13, log audit, with a severity (RFC 5424, section 6.2.1).
func priority(s hub.Severity) string {
	switch s {
	case hub.Critical:
		return "106"
	case hub.High:
		return "107"
	case hub.Medium:
		return "108"
	}
	return "109"
}
