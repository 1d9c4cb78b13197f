package anonymize

import (
	"strings"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
	"isac/hub/warning"
)

// patternKinds are the object paths of a STIX pattern that can go out.
var patternKinds = map[string]hub.Kind{
	"ipv4-addr:value": hub.IPv4, "ipv6-addr:value": hub.IPv6, "domain-name:value": hub.Domain, "url:value": hub.URL,
	"email-addr:value": hub.Mail, "email-message:from_ref.value": hub.Mail, "email-message:sender_ref.value": hub.Mail,
	"email-message:subject": hub.MailSubject,
	"file:hashes.md5":       hub.MD5, "file:hashes.sha-1": hub.SHA1, "file:hashes.sha1": hub.SHA1, "file:hashes.sha-256": hub.SHA256,
	"file:hashes.sha256": hub.SHA256, "file:hashes.sha-512": hub.SHA512, "file:hashes.sha512": hub.SHA512,
	"file:hashes.ssdeep": hub.SSDEEP, "file:hashes.tlsh": hub.TLSH, "file:name": hub.FileName,
	"artifact:hashes.md5": hub.MD5, "artifact:hashes.sha-1": hub.SHA1, "artifact:hashes.sha-256": hub.SHA256, "artifact:hashes.sha-512": hub.SHA512,
	"email-message:additional_header_fields.reply_to": hub.Mail, "email-message:additional_header_fields.reply-to": hub.Mail,
	"email-message:body_multipart[*].body_raw_ref.name": hub.FileName,
	"file:parent_directory_ref.path":                    hub.FilePath, "directory:path": hub.FilePath,
	"process:command_line": hub.CommandLine, "process:name": hub.FileName, "process:image_ref.name": hub.FileName,
	"windows-registry-key:key": hub.RegistryKey, "windows-registry-key:values[*].data": hub.RegistryValue,
	"process:extensions.windows-service-ext.service_name": hub.Service, "mutex:name": hub.Mutex,
	"network-traffic:extensions.http-request-ext.request_header.user-agent": hub.UserAgent,
	"network-traffic:dst_ref.value":                                         hub.IPv4,
	"x509-certificate:hashes.sha-256":                                       hub.CertSHA256, "x509-certificate:hashes.sha256": hub.CertSHA256,
	"x509-certificate:hashes.sha-1": hub.CertSHA1, "x509-certificate:hashes.sha1": hub.CertSHA1,
	"x509-certificate:serial_number": hub.CertSerial, "autonomous-system:number": hub.AS,
}

// contextPaths may stand in a pattern beside what finds the attacker, with plain
// values: they narrow, and tell nothing.
var contextPaths = map[string]bool{
	"network-traffic:dst_port": true, "network-traffic:protocols[*]": true, "network-traffic:dst_ref.type": true,
	"network-traffic:src_ref.type": true,
}

// indicator: each comparison of a pattern that any one of them satisfies is a fact
// by itself. A pattern that wants several at once is one fact, rewritten on its
// tree without what may not go out and without its times.
func indicator(u *unit, i int, o stix.Object) {
	text := o.Str("pattern")
	if !statesAttack(o) || text == "" || o.Str("pattern_type") != "stix" && o.Str("pattern_type") != "" {
		return
	}
	p, err := pattern.Parse(text)
	if err != nil {
		return
	}
	if anyOf(p.Root) {
		for _, c := range p.Comparisons() {
			u.comparison(i, c)
			u.shaped(i, c)
		}
		return
	}
	u.composed(i, p.WithoutWindows())
}

// anyOf reports whether a pattern holds as soon as one of its comparisons does.
func anyOf(o pattern.Observation) bool {
	switch o := o.(type) {
	case *pattern.Test:
		return len(o.Qualifiers) == 0 && anyOfExpr(o.Expr)
	case *pattern.Compound:
		for _, part := range o.Parts {
			if !anyOf(part) {
				return false
			}
		}
		return len(o.Qualifiers) == 0 && (o.Op == pattern.Or || len(o.Parts) == 1)
	}
	return false
}

func anyOfExpr(e pattern.Expression) bool {
	j, ok := e.(*pattern.Junction)
	if !ok {
		return true
	}
	for _, part := range j.Parts {
		if !anyOfExpr(part) {
			return false
		}
	}
	return j.Op == pattern.Or
}

// A literal is one value of a comparison with the kind of indicator that it is.
type literal struct {
	kind  hub.Kind
	value string
}

// literals returns the values that a comparison wants to be equal to; none where
// it wants something else, or a kind that can't go out.
func literals(c *pattern.Comparison) []literal {
	if c.Negated || c.Op != pattern.Equals && c.Op != pattern.In && c.Op != pattern.IsSubset {
		return nil
	}
	var out []literal
	for _, v := range c.Values {
		kind, ok := kindOfPath(pathKey(c), v.Text)
		if !ok {
			return nil
		}
		out = append(out, literal{kind, v.Text})
	}
	return out
}

func pathKey(c *pattern.Comparison) string {
	return strings.ToLower(strings.ReplaceAll(c.Path.String(), "'", ""))
}

// kindOfPath tells the kind of a comparison; an address path takes what it is
// compared with.
func kindOfPath(path, value string) (hub.Kind, bool) {
	kind, ok := patternKinds[path]
	if ok && kind == hub.IPv4 && path != "ipv4-addr:value" {
		switch {
		case strings.Contains(value, ":"):
			kind = hub.IPv6
		case !checkAddr(value).ok && checkDomain(value).ok:
			kind = hub.Domain
		}
	}
	return kind, ok
}

// comparison claims what one comparison tells by itself.
func (u *unit) comparison(i int, c *pattern.Comparison) {
	for _, l := range literals(c) {
		u.observable(i, "pattern", l.kind, l.value, hub.FromPattern, u.isSingle(i, l.kind))
		switch l.kind {
		case hub.FileName:
			u.fileName(i, "pattern", l.value)
		case hub.CommandLine:
			u.commandTool(i, "pattern", l.value)
		}
	}
}

// isSingle: hashes of an encryptor are maybe of one build.
func (u *unit) isSingle(i int, kind hub.Kind) bool {
	return u.ransom[i] && strings.HasPrefix(string(kind), "file:hashes")
}

// composed claims the rewritten whole. Where it may not go out after all, what is
// in it still may, one by one, if it finds the attacker alone.
func (u *unit) composed(i int, p *pattern.Pattern) {
	single, far := false, hasFarEnd(p)
	whole, ok := p.Rewrite(func(c *pattern.Comparison) bool {
		keep, mark := u.keeps(i, c)
		single = single || mark
		return keep && !(far && strings.HasPrefix(pathKey(c), "network-traffic:src_ref"))
	})
	if !ok || !findsAlone(whole) || !canonicalPattern(whole.String()) {
		u.each(i, p)
		return
	}
	if list := whole.Comparisons(); len(list) == 1 && len(literals(list[0])) > 0 {
		u.comparison(i, list[0])
		return
	}
	f := hub.Fact{Class: hub.Indicator, Kind: hub.Pattern, Value: whole.String(), Source: hub.FromPattern, Single: single}
	for _, c := range whole.Comparisons() {
		if shape(c) {
			u.bones[f.Key()] += aside(c)
		}
	}
	u.claim(i, "pattern", f)
	u.instead[f.Key()] = func() { u.each(i, p) }
}

// each claims the comparisons that find the attacker alone.
func (u *unit) each(i int, p *pattern.Pattern) {
	far := hasFarEnd(p)
	for _, c := range p.Comparisons() {
		if alone(c) && !(far && strings.HasPrefix(pathKey(c), "network-traffic:src_ref")) {
			u.comparison(i, c)
		}
	}
}

// hasFarEnd reports whether a pattern says where traffic goes to: where it comes
// from is the victim's then.
func hasFarEnd(p *pattern.Pattern) bool {
	for _, c := range p.Comparisons() {
		if pathKey(c) == "network-traffic:dst_ref.value" {
			return true
		}
	}
	return false
}

// keeps reports whether a comparison may stay in a pattern, and whether it is maybe
// made for one victim.
func (u *unit) keeps(i int, c *pattern.Comparison) (keep, single bool) {
	if inContext(c) {
		return true, false
	}
	if shape(c) {
		return !u.holdsAddr(hub.URL, c.Values[0].Text), true
	}
	list := literals(c)
	for _, l := range list {
		v := check(l.kind, l.value)
		if !v.ok || u.victims(l.kind, v.value) || u.cfg.Warnings.Judge(l.kind, v.value) == warning.Public {
			return false, false
		}
		single = single || v.single || u.isSingle(i, l.kind)
	}
	return len(list) > 0, single
}

// inContext: a port, protocol or type with a plain value.
func inContext(c *pattern.Comparison) bool {
	if !contextPaths[pathKey(c)] || len(c.Values) == 0 {
		return false
	}
	for _, v := range c.Values {
		if len(v.Text) > 12 || strings.Trim(v.Text, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

// alone reports whether a comparison finds the attacker without others: not by a
// file name, path, command or agent that anybody may have.
func alone(c *pattern.Comparison) bool {
	for _, l := range literals(c) {
		switch l.kind {
		case hub.FileName, hub.FilePath, hub.CommandLine, hub.RegistryKey, hub.RegistryValue, hub.UserAgent, hub.MailSubject, hub.AS:
			return false
		}
	}
	return len(literals(c)) > 0
}

// findsAlone reports whether a rewritten pattern still finds the attacker: it has a
// telling comparison, or as many weak ones as nothing was taken from.
func findsAlone(p *pattern.Pattern) bool {
	weak := 0
	for _, c := range p.Comparisons() {
		if alone(c) {
			return true
		}
		if !inContext(c) {
			weak++
		}
	}
	return weak >= 2
}

// canonicalPattern reports whether a text is a pattern in its one form, all of whose
// comparisons have values that may go out by their shape.
func canonicalPattern(text string) bool {
	p, err := pattern.Parse(text)
	if err != nil || p.String() != text || p.WithoutWindows().String() != text {
		return false
	}
	for _, c := range p.Comparisons() {
		if inContext(c) || shape(c) {
			continue
		}
		list := literals(c)
		for _, l := range list {
			if !check(l.kind, l.value).ok {
				return false
			}
		}
		if len(list) == 0 {
			return false
		}
	}
	return true
}
