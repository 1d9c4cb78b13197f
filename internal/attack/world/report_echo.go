package world

import (
	"net/url"
	"strconv"

	"isac/hub/stix"
)

// echo puts an identifier into something of the attacker's.
func (b *report) echo(n int, e echo) {
	t := e.text
	switch e.carrier {
	case "url":
		b.mark("url:value", "https://"+b.in.C2Domain+"/"+url.PathEscape(t)+"/up")
	case "url-query":
		b.mark("url:value", "http://"+b.in.C2IP+"/q?h="+url.QueryEscape(t))
	case "file":
		b.mark("file:name", t+"_list.exe")
	case "command":
		b.mark("process:command_line", `cmd.exe /c net use \\`+t+`\c$`)
	case "subject":
		b.mark("email-message:subject", t+" invoice")
	case "agent":
		b.mark("network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", "Mozilla/5.0 ("+t+")")
	case "registry-key":
		b.mark("windows-registry-key:key", `HKEY_LOCAL_MACHINE\SOFTWARE\`+t)
	case "registry-value":
		b.mark("windows-registry-key:values[*].data", t)
	case "mutex":
		b.mark("mutex:name", `Global\`+t)
	case "service":
		b.mark("process:extensions.'windows-service-ext'.service_name", t)
	case "directory":
		b.mark("directory:path", `C:\ProgramData\`+t)
	case "domain":
		b.mark("domain-name:value", t+"-login."+b.in.C2Domain)
	case "mail":
		b.mark("email-addr:value", t+"@"+b.in.C2Domain)
	case "like":
		b.pattern("[file:name LIKE " + quote("%"+t+"%") + "]")
	case "pattern":
		b.pattern("[ipv4-addr:value = " + quote(b.in.C2IP) + " AND url:value = " + quote("http://x."+b.in.C2Domain+"/"+t) + "]")
	default:
		b.named(n, e.carrier, t)
	}
}

// mark puts in an indicator of one value that can't go out.
func (b *report) mark(path, value string) { b.relate(b.indicator(path, value), "indicates", b.malware) }

func (b *report) pattern(p string) {
	id := b.add("indicator", stix.Object{"pattern": p, "pattern_type": "stix", "valid_from": b.at, "indicator_types": []any{"malicious-activity"}})
	b.relate(id, "indicates", b.malware)
}

// named puts an identifier into names, lists and keys.
func (b *report) named(n int, carrier, t string) {
	switch carrier {
	case "malware":
		b.relate(b.add("malware", stix.Object{"name": t + "Locker", "is_family": true, "aliases": []any{t}}), "uses", b.malware)
	case "tool":
		b.add("tool", stix.Object{"name": t, "tool_version": t})
	case "group":
		b.add("intrusion-set", stix.Object{"name": t, "aliases": []any{t}, "goals": []any{t}})
	case "campaign":
		b.add("campaign", stix.Object{"name": "Operation " + t, "objective": t})
	case "technique":
		b.add("attack-pattern", stix.Object{"name": t, "aliases": []any{t}})
	case "label":
		b.add("attack-pattern", stix.Object{"name": "T1059.003", "labels": []any{t}})
		b.states("technique", "T1059.003", Shared)
	case "phase":
		b.add("attack-pattern", stix.Object{
			"name": "T1112", "kill_chain_phases": []any{stix.Object{"kill_chain_name": "own", "phase_name": t}},
		})
		b.states("technique", "T1112", Shared)
	case "custom":
		b.add("indicator", stix.Object{
			"pattern": "[ipv4-addr:value = '203.0.113." + strconv.Itoa(n+1) + "']", "pattern_type": "stix", "valid_from": b.at, "x_misp_org": t, "name": t,
		})
	case "key":
		b.add("tool", stix.Object{"name": "x", "extensions": stix.Object{"x-" + label(t) + "-ext": stix.Object{t: t}}})
	case "reference":
		b.add("tool", stix.Object{"name": "y", "external_references": []any{stix.Object{"source_name": t, "external_id": t, "description": t}}})
	case "account":
		id := b.sco("user-account", stix.Object{"account_login": t, "account_type": "windows-domain"})
		b.relate(b.malware, "uses", id)
	case "certificate":
		id := b.sco("x509-certificate", stix.Object{"serial_number": "36:f7:d4:32:f4:ab:70:ea:d3", "subject": "CN=" + t, "issuer": "CN=" + t})
		b.relate(b.malware, "uses", id)
	}
}
