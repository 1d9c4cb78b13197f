package export

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"isac/hub"
)

// Rules for sensors and scanners. They report and never block: whoever wants to block
// changes the action.

// firstRule is where the numbers of rules begin: above those that public sets use. To
// it comes the place of the indicator, so that a rule keeps its number.
const firstRule = 3_000_000_000

var suricataForm = Form{
	Name: "suricata", Media: "text/plain; charset=utf-8", Ext: ".rules", Distinct: true, remark: "#",
	Kinds: []hub.Kind{hub.IPv4, hub.IPv6, hub.Domain, hub.URL, hub.UserAgent},
	begin: func(w *Writer) { w.titled("#") }, put: suricataPut,
}

func suricataPut(w *Writer, i Indicator) bool {
	switch i.Kind {
	case hub.IPv4, hub.IPv6:
		p, ok := network(i.Value)
		return ok && w.rule(i, "ip $HOME_NET any -> "+bracketed(p)+" any", "address")
	case hub.Domain:
		name, ok := host(i.Value)
		return ok && w.rule(i, "dns $HOME_NET any -> any any", "name", "dns.query", `content:"`+name+`"`, "nocase", "endswith", `pcre:"/(^|\.)`+strings.ReplaceAll(name, ".", `\.`)+`$/i"`)
	case hub.URL:
		a, ok := link(i.Value)
		switch {
		case !ok:
			return false
		case a.encrypted && named(a.host): // only the host can be seen
			return w.rule(i, "tls $HOME_NET any -> any any", "host of a link", "tls.sni", `content:"`+a.host+`"`, "nocase", "startswith", "endswith")
		case a.encrypted:
			return false
		}
		return w.rule(i, "http $HOME_NET any -> any any", "link", "flow:established,to_server", "http.host", `content:"`+a.host+`"`, "startswith", "endswith", "http.uri.raw", `content:"`+content(a.rest)+`"`, "startswith")
	}
	if !plain(i.Value) || len(i.Value) > 250 {
		return false
	}
	return w.rule(i, "http $HOME_NET any -> any any", "user agent", "flow:established,to_server", "http.user_agent", `content:"`+content(i.Value)+`"`, "startswith", "endswith")
}

// named reports whether a host is a name and no address.
func named(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil
}

// bracketed writes a network as a rule wants it.
func bracketed(p netip.Prefix) string { return "[" + short(p) + "]" }

// rule writes one rule.
func (w *Writer) rule(i Indicator, header, what string, options ...string) bool {
	w.say("alert ", header, ` (msg:"`, message(w.Hub), " - released ", what, ", alert ", itoa(i.Number), `"; `)
	for _, o := range options {
		w.say(o, "; ")
	}
	w.say("reference:url,", reference(w.page(i)), "; ", "metadata:confidence ", itoa(i.Confidence), "; sid:", itoa(firstRule+i.Row), "; rev:1;)\n")
	return true
}

// message is a text that ends no option.
func message(s string) string {
	return inMessage.Replace(oneLine(s))
}

var (
	inMessage   = strings.NewReplacer(";", " ", `"`, " ", `\`, " ", ":", " ")
	inReference = strings.NewReplacer(";", "%3B", `"`, "%22", `\`, "%5C", " ", "%20", ",", "%2C")
)

// reference is an address without its scheme and what would end an option.
func reference(page string) string {
	_, after, ok := strings.Cut(page, "://")
	if !ok {
		after = page
	}
	return inReference.Replace(after)
}

// content writes a text so that a rule takes it for itself: what isn't a letter, a digit
// or a harmless sign stands as a byte.
func content(s string) string {
	var b strings.Builder
	open := false
	for _, c := range []byte(s) {
		safe := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte(" ./_-=&?%+~@,()*", c) >= 0
		if safe == open {
			b.WriteByte('|')
			open = !open
		} else if !safe {
			b.WriteByte(' ')
		}
		if safe {
			b.WriteByte(c)
		} else {
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	if open {
		b.WriteByte('|')
	}
	return b.String()
}

// Rules of Snort 3. It has no buffer for names that are asked for: the question is looked
// for as it stands in the packet.
var snortForm = Form{
	Name: "snort", Media: "text/plain; charset=utf-8", Ext: ".rules", Distinct: true, remark: "#",
	Kinds: []hub.Kind{hub.IPv4, hub.IPv6, hub.Domain, hub.URL},
	begin: func(w *Writer) { w.titled("#") }, put: snortPut,
}

func snortPut(w *Writer, i Indicator) bool {
	switch i.Kind {
	case hub.IPv4, hub.IPv6:
		p, ok := network(i.Value)
		return ok && w.rule(i, "ip $HOME_NET any -> "+bracketed(p)+" any", "address")
	case hub.Domain:
		name, ok := host(i.Value)
		return ok && w.rule(i, "udp $HOME_NET any -> any 53", "name", "flow:to_server", `content:"`+question(name)+`",nocase`)
	}
	a, ok := link(i.Value)
	if !ok || a.encrypted {
		return false // nothing of it can be seen
	}
	return w.rule(i, "http $HOME_NET any -> any any", "link", "flow:established,to_server", "http_header:field host", `content:"`+a.host+`"`, "http_raw_uri", `content:"`+content(a.rest)+`"`)
}

// question is a name as it stands in a query: labels with their lengths, zero at the end.
func question(name string) string {
	var b strings.Builder
	for label := range strings.SplitSeq(name, ".") {
		b.WriteString("|" + hex.EncodeToString([]byte{byte(len(label))}) + "|" + label)
	}
	return b.String() + "|00|"
}

// Rules of YARA find files by their digests.
var yaraForm = Form{
	Name: "yara", Media: "text/plain; charset=utf-8", Ext: ".yar", Kinds: scanned, Distinct: true, remark: "//",
	begin: func(w *Writer) {
		w.titled("//")
		w.say("import \"hash\"\n")
	},
	put: yaraPut,
}

func yaraPut(w *Writer, i Indicator) bool {
	digest, ok := hash(i.Kind, i.Value)
	if !ok {
		return false
	}
	function := map[hub.Kind]string{hub.MD5: "md5", hub.SHA1: "sha1", hub.SHA256: "sha256"}[i.Kind]
	w.say("rule isac_", itoa(i.Row), " { meta: alert = \"", i.Alert, "\" number = ", itoa(i.Number), " confidence = ", itoa(i.Confidence),
		" condition: hash.", function, `(0, filesize) == "`, digest, "\" }\n")
	return true
}
