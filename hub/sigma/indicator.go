package sigma

import (
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// indicator takes the value of an indicator with one comparison; more than one is
// nothing that a log line shows.
func (a *alert) indicator(o stix.Object, now time.Time) {
	until, ok := o.Time("valid_until")
	if o.Bool("revoked") || o.Str("pattern_type") != "stix" || ok && !now.Before(until) {
		return
	}
	p, err := pattern.Parse(o.Str("pattern"))
	if err != nil {
		return
	}
	test, ok := p.Root.(*pattern.Test)
	if !ok || len(test.Qualifiers) > 0 {
		return
	}
	c, ok := test.Expr.(*pattern.Comparison)
	if !ok || c.Negated || len(c.Values) != 1 || c.Op != pattern.Equals && c.Op != pattern.IsSubset {
		return
	}
	kind := hub.Kind(c.Path.String())
	a.values[kind] = append(a.values[kind], c.Values[0].Text)
	if until.After(a.until) {
		a.until = until
	}
}

// A look is how values of some kinds look in one kind of log.
type look struct {
	id, level string
	text      hub.Text
	logsource []string
	fields    []field
}

// A field of a log, and how a value of the kinds stands in it; "" leaves one out.
type field struct {
	name  string
	kinds []hub.Kind
	as    func(kind hub.Kind, value string) string
}

func plain(_ hub.Kind, value string) string { return escaped(value) }

var looks = []look{
	{
		"addresses", "high",
		hub.Text{JA: "攻撃者のアドレスとの通信", EN: "Traffic with an attacker's address"},
		[]string{"category: firewall"},
		[]field{{"dst_ip", addresses, network(false)}, {"dst_ip|cidr", addresses, network(true)}, {"src_ip", addresses, network(false)}, {"src_ip|cidr", addresses, network(true)}},
	},
	{
		"domains", "high",
		hub.Text{JA: "攻撃者のドメインの名前解決", EN: "Lookup of an attacker's domain"},
		[]string{"category: dns"},
		[]field{
			{"query", []hub.Kind{hub.Domain}, plain},
			{"query|endswith", []hub.Kind{hub.Domain}, func(_ hub.Kind, v string) string { return "." + escaped(v) }},
		},
	},
	{
		"urls", "high",
		hub.Text{JA: "攻撃者の URL や User-Agent の通信", EN: "Request to an attacker's URL, or with an attacker's user agent"},
		[]string{"category: proxy"},
		[]field{{"c-uri|contains", []hub.Kind{hub.URL}, withoutScheme}, {"c-useragent", []hub.Kind{hub.UserAgent}, plain}},
	},
	{
		"processes", "high",
		hub.Text{JA: "攻撃に使われたプログラムやコマンドの実行", EN: "Run of a program or command of the attack"},
		[]string{"product: windows", "category: process_creation"},
		[]field{{"Hashes|contains", []hub.Kind{hub.MD5, hub.SHA1, hub.SHA256}, hash}, {"CommandLine|contains", []hub.Kind{hub.CommandLine}, plain}},
	},
	{
		"files", "medium",
		hub.Text{JA: "攻撃で残されたファイルやフォルダー", EN: "File or folder left by the attack"},
		[]string{"product: windows", "category: file_event"},
		[]field{
			{"TargetFilename|endswith", []hub.Kind{hub.FileName}, func(_ hub.Kind, v string) string { return escaped(`\` + v) }},
			{"TargetFilename|contains", []hub.Kind{hub.FilePath}, plain},
		},
	},
	{
		"registry", "medium",
		hub.Text{JA: "攻撃で変更されたレジストリ", EN: "Registry key of the attack"},
		[]string{"product: windows", "category: registry_event"},
		[]field{{"TargetObject|contains", []hub.Kind{hub.RegistryKey}, withoutHive}},
	},
	{
		"services", "high",
		hub.Text{JA: "攻撃で登録されたサービス（7045）", EN: "Service registered by the attack (7045)"},
		[]string{"product: windows", "service: system"},
		[]field{{"ServiceName", []hub.Kind{hub.Service}, plain}},
	},
}

var addresses = []hub.Kind{hub.IPv4, hub.IPv6}

func network(whole bool) func(hub.Kind, string) string {
	return func(_ hub.Kind, v string) string {
		if strings.Contains(v, "/") != whole {
			return ""
		}
		return v
	}
}

func withoutScheme(_ hub.Kind, v string) string {
	_, rest, ok := strings.Cut(v, "://")
	if !ok {
		return ""
	}
	return escaped(rest)
}

func hash(kind hub.Kind, v string) string {
	name := map[hub.Kind]string{hub.MD5: "MD5", hub.SHA1: "SHA1", hub.SHA256: "SHA256"}[kind]
	return name + "=" + escaped(v)
}

func withoutHive(_ hub.Kind, v string) string {
	_, rest, ok := strings.Cut(v, `\`)
	if !ok || rest == "" {
		return ""
	}
	return escaped(`\` + rest)
}

// escaped writes a value so that Sigma reads every character as itself.
func escaped(v string) string {
	var b strings.Builder
	for i, r := range v {
		next := v[min(i+1, len(v)):]
		if r == '*' || r == '?' || r == '\\' && (next == "" || strings.ContainsRune(`\*?`, rune(next[0]))) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (a alert) indicatorRules(lang string) []Rule {
	var out []Rule
	for _, l := range looks {
		var lines, tests []string
		for _, f := range l.fields {
			values := a.as(f)
			if len(values) == 0 {
				continue
			}
			name := "value" + string(rune('1'+len(tests)))
			tests = append(tests, name)
			lines = append(lines, name+":", "    "+f.name+":")
			for _, v := range values {
				lines = append(lines, "        - "+quoted(v))
			}
		}
		if len(tests) == 0 {
			continue
		}
		r := a.rule(l.id, l.level)
		r.Title, r.Logsource = l.text.In(lang), l.logsource
		condition := strings.Join(tests, " or ")
		if l.id == "services" {
			lines, condition = append(lines, "event:", "    EventID: 7045"), "event and value1"
		}
		r.Detection = append(lines, "condition: "+condition)
		r.Description = hub.Text{
			JA: "警報の痕跡情報です。" + a.until.Format(time.DateOnly) + " を過ぎたら外してください。",
			EN: "Indicators of an alert. Take the rule off after " + a.until.Format(time.DateOnly) + ".",
		}.In(lang)
		out = append(out, r)
	}
	return out
}

// as are the values of the alert as they stand in a field.
func (a alert) as(f field) []string {
	var out []string
	for _, kind := range f.kinds {
		for _, v := range a.values[kind] {
			if s := f.as(kind, v); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
