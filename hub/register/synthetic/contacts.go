package synthetic

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"isac/hub"
)

func fillContacts(o *hub.Organisation, p place, s sort, name word, d *dice) {
	zone := s.zones[d.below(len(s.zones))]
	if zone == "coop" {
		zone = "or.jp"
	}
	stem := name.latin + d.pick("-hp", "-hosp", "hp", "-byoin", "-med")
	o.Domain = stem + "." + zone
	if s.number != 0 { // of the other sorts one may have the same name
		o.Domain = fmt.Sprintf("%s%d.%s", stem, s.number+1, zone)
	}
	o.Mail = d.pick("info", "soumu", "somu", "office", "kanri") + "@" + o.Domain
	o.Phone, o.Fax = phone(p.area, d), phone(p.area, d)
	o.Postal = fmt.Sprintf("%s%d-%04d", p.postal, d.below(10), d.below(10000))
	first, _ := utf8.DecodeRuneInString(name.kanji)
	town := strings.TrimSuffix(string(first)+d.pick("町", "台", "野町", "本町", "新町"), " ")
	o.Address = fmt.Sprintf("%s%s%s%d-%d-%d", o.Prefecture, o.Municipality, town, 1+d.below(9), 1+d.below(40), 1+d.below(30))
}

// phone has ten digits. No exchange in Japan begins with 1, so nobody is called.
func phone(area string, d *dice) string {
	exchange := "1"
	for len(area)+len(exchange) < 6 {
		exchange += string(rune('0' + d.below(10)))
	}
	return fmt.Sprintf("%s-%s-%04d", area, exchange, d.below(10000))
}

// openNets are first bytes of ordinary public address space.
var openNets = []int{27, 36, 42, 49, 58, 60, 61, 101, 106, 110, 111, 113, 114, 118, 119, 122}

// fillNetwork gives ranges, host names and an operator. No two ranges are equal.
func fillNetwork(o *hub.Organisation, name word, i int, seed uint64, d *dice) {
	const blocks = 1 << 20 // of 16 addresses below one first byte
	k := permute(i, blocks, seed)
	o.IPv4 = fmt.Sprintf("%d.%d.%d.%d/28", openNets[i%len(openNets)], k>>12, k>>4&0xff, k&0xf<<4)
	k = permute(i, 1<<16, seed+1)
	switch d.below(3) {
	case 0:
		o.IPv4Private = fmt.Sprintf("172.%d.%d.0/24", 16+k>>8&0xf, k&0xff)
	case 1:
		o.IPv4Private = fmt.Sprintf("192.168.%d.0/24", k&0xff)
	default:
		o.IPv4Private = fmt.Sprintf("10.%d.%d.0/24", k>>8, k&0xff)
	}
	k = permute(i, 1<<20, seed+2)
	o.IPv6 = fmt.Sprintf("24%02x:%x:%x::/48", k&0x3f, 0x1000|k>>6&0xfff, 1+i&0xffff)
	o.HostnamePrefix = strings.ToUpper(name.latin[:min(len(name.latin), 5+d.below(3))])
	o.Operator = "OP-" + o.ID
	if d.below(10) < 3 {
		o.Operator = fmt.Sprintf("OP-G%03d", d.below(40)*d.below(10)+1)
	}
}
