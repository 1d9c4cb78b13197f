package release

import (
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// kindText says of each kind of indicator what it is, where in the attack it is
// mostly seen (ATT&CK tactic), and for how many days it is worth looking for.
type kindText struct {
	name  hub.Text
	what  hub.Text
	phase string
	days  int
}

// lookFor ends every description.
var lookFor = hub.Text{
	JA: "記録に残っていないか確かめ、見つかったら端末を切り離して調べてください。",
	EN: "Look for it in your logs; if you find it, isolate the machine and investigate.",
}

var (
	inLogs = hub.Text{JA: "攻撃者側の%s。", EN: "%s on the attacker's side."}
)

func textOf(k hub.Kind) kindText {
	row := func(ja, en, phase string, days int) kindText {
		return kindText{
			name:  hub.Text{JA: ja, EN: en},
			what:  hub.Text{JA: strings.Replace(inLogs.JA, "%s", ja, 1), EN: strings.Replace(inLogs.EN, "%s", en, 1)},
			phase: phase, days: days,
		}
	}
	const (
		c2   = "command-and-control"
		exec = "execution"
		in   = "initial-access"
	)
	switch k {
	case hub.IPv4, hub.IPv6:
		return row("通信先アドレス", "Network address", c2, 30)
	case hub.URL:
		return row("URL", "URL", c2, 30)
	case hub.Domain:
		return row("ドメイン名", "Domain name", c2, 90)
	case hub.AS:
		return row("AS 番号", "Autonomous system", c2, 30)
	case hub.UserAgent:
		return row("ユーザーエージェント", "User agent", c2, 90)
	case hub.CertSHA256, hub.CertSHA1, hub.CertSerial:
		return row("証明書", "Certificate", c2, 90)
	case hub.Mail:
		return row("メールアドレス", "Mail address", in, 90)
	case hub.MailSubject:
		return row("メールの件名", "Mail subject", in, 90)
	case hub.MD5, hub.SHA1, hub.SHA256, hub.SHA512, hub.SSDEEP, hub.TLSH:
		return row("ファイルのハッシュ値", "File hash", exec, 365)
	case hub.FileName, hub.FilePath:
		return row("ファイル名・パス", "File name or path", exec, 90)
	case hub.RegistryKey, hub.RegistryValue:
		return row("レジストリ", "Registry key or value", "persistence", 90)
	case hub.Service:
		return row("サービス名", "Service name", "persistence", 90)
	case hub.Mutex, hub.CommandLine:
		return row("実行の痕跡", "Trace of execution", exec, 90)
	}
	return row("通信や実行の組み合わせ", "Combination of traces", exec, 90)
}

// indicator puts one in and returns its id: one comparison a pattern, one id for
// ever by canonical pattern.
func (m *maker) indicator(f hub.Fact) string {
	text := PatternOf(f)
	t := textOf(f.Kind)
	now := m.alert.Published
	from, until := now, now.Add(time.Duration(t.days)*24*time.Hour)
	if before, ok := m.known(stix.NameID("indicator", text)); ok {
		from, until = window(before, from, until)
	}
	props := stix.Object{
		"name":              t.name.EN,
		"description":       t.what.JA + lookFor.JA + "\n\n" + t.what.EN + " " + lookFor.EN,
		"indicator_types":   []any{"malicious-activity"},
		"pattern":           text,
		"pattern_type":      "stix",
		"pattern_version":   "2.1",
		"valid_from":        instant(from),
		"valid_until":       instant(until),
		"kill_chain_phases": []any{map[string]any{"kill_chain_name": "mitre-attack", "phase_name": t.phase}},
	}
	if score := f.Confidence.Score(); score > 0 {
		props["confidence"] = score
	}
	return m.forever("indicator", text, props)
}

// window keeps the first valid_from, and prolongs only what has less than half of
// its life left, so that a repeated indicator is mostly resent unchanged.
func window(before stix.Object, from, until time.Time) (time.Time, time.Time) {
	first, ok := before.Time("valid_from")
	if !ok {
		return from, until
	}
	end, ok := before.Time("valid_until")
	if ok && end.Sub(from) > until.Sub(from)/2 {
		return first, end
	}
	return first, until
}

// PatternOf writes the STIX pattern of an indicator fact.
func PatternOf(f hub.Fact) string {
	if f.Kind == hub.Pattern {
		return f.Value
	}
	return pattern.Equal(f.Kind, f.Value)
}
