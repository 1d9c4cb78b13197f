package export

import (
	"net/netip"
	"strings"

	"isac/hub"
)

// Lists of values, one a line, as firewalls and proxies take them.
var listForm = Form{Name: "list", Media: "text/plain; charset=utf-8", Ext: ".txt", Distinct: true, put: listPut}

// listPut writes a value that is one line. A remark would be taken for a value by some
// firewalls, so that there is none; nor is a value that begins like one.
func listPut(w *Writer, i Indicator) bool {
	value := i.Value
	switch i.Kind {
	case hub.IPv4, hub.IPv6:
		p, ok := network(value)
		if !ok {
			return false
		}
		value = short(p)
	case hub.Domain:
		name, ok := host(value)
		if !ok {
			return false
		}
		value = name
	}
	if !plain(value) || strings.ContainsAny(value[:1], "#;!/ ") {
		return false
	}
	w.say(value, "\n")
	return true
}

// A hosts file answers for names itself.
var hostsForm = Form{
	Name: "hosts", Media: "text/plain; charset=utf-8", Ext: ".hosts", Kinds: hosts, Distinct: true, remark: "#",
	begin: func(w *Writer) { w.titled("#") },
	put: func(w *Writer, i Indicator) bool {
		name, ok := host(i.Value)
		if ok {
			w.say("0.0.0.0 ", name, "\n")
		}
		return ok
	},
}

// titled writes who made the file and when.
func (w *Writer) titled(remark string) {
	w.say(remark, " ", oneLine(w.Hub), ", ", w.Made.Format("2006-01-02T15:04:05Z"), "\n")
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// A response policy zone makes a resolver deny names, and answers that lead to addresses
// (draft-vixie-dnsop-dns-rpz-00, sections 4.3 and 5).
var zoneForm = Form{
	Name: "rpz", Media: "text/dns; charset=utf-8", Ext: ".rpz", Kinds: append(append([]hub.Kind{}, hosts...), addresses...), Distinct: true, remark: ";",
	begin: func(w *Writer) {
		w.titled(";")
		w.say("$TTL 300\n@ IN SOA localhost. nobody.invalid. ", itoa(w.Made.Unix()), " 3600 600 86400 300\n@ IN NS localhost.\n")
	},
	put: zonePut,
}

// longestOwner leaves room for "*." and the zone's own name.
const longestOwner = 200

func zonePut(w *Writer, i Indicator) bool {
	if i.Kind != hub.Domain {
		p, ok := network(i.Value)
		if ok {
			w.say(trigger(p), ".rpz-ip CNAME .\n")
		}
		return ok
	}
	name, ok := host(i.Value)
	if !ok || len(name) > longestOwner {
		return false
	}
	w.say(name, " CNAME .\n*.", name, " CNAME .\n")
	return true
}

// trigger writes a network as the zone does: its length, then the parts from the last to
// the first; of IPv6 "zz" stands for the longest run of zeros.
func trigger(p netip.Prefix) string {
	text, sep := p.Addr().String(), "."
	if p.Addr().Is6() {
		sep = ":"
		text = strings.Replace(text, "::", ":zz:", 1)
		text = strings.Trim(text, ":")
	}
	parts := strings.Split(text, sep)
	out := itoa(p.Bits())
	for n := len(parts) - 1; n >= 0; n-- {
		out += "." + parts[n]
	}
	return out
}
