package adversary

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

// integers are an IPv4 address as one number.
func integers(v string) []form {
	a, err := netip.ParseAddr(v)
	if err != nil || !a.Is4() {
		return nil
	}
	b := a.As4()
	n := binary.BigEndian.Uint32(b[:])
	return []form{
		{text: strconv.FormatUint(uint64(n), 10), bounded: true, plain: true},
		{text: "0x" + hex.EncodeToString(b[:]), bounded: true, plain: true},
		{text: fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa", b[3], b[2], b[1], b[0]), plain: true},
	}
}

// expanded are an IPv6 address in full, and its network.
func expanded(v string) []form {
	a, err := netip.ParseAddr(v)
	if err != nil {
		return nil
	}
	p, err := a.Prefix(48)
	if err != nil {
		return nil
	}
	long := a.StringExpanded()
	return []form{{text: long, plain: true}, {text: long[:14], plain: true, bounded: true}, {text: p.Addr().String(), plain: true, bounded: true}}
}

// dayForms writes a day in the ways of reports, logs and files.
func dayForms(v string) []form {
	t, err := time.Parse("2006-01-02", v)
	if err != nil {
		return nil
	}
	var out []form
	for _, layout := range []string{
		"2006-01-02", "2006/01/02", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "2006年01月02日", "2 january 2006", "january 2, 2006", "jan 2, 2006", "2 jan 2006", "02/jan/2006",
	} {
		text := fold(t.Format(layoutOf(layout)))
		out = append(out, form{text: text, bounded: true, plain: true})
	}
	if era := t.Year() - 2018; era > 0 {
		out = append(out, form{text: fold(fmt.Sprintf("令和%d年%d月%d日", era, t.Month(), t.Day())), plain: true}, form{text: fmt.Sprintf("r%d.%d.%d", era, t.Month(), t.Day()), bounded: true, plain: true})
	}
	return out
}

// layoutOf gives the names of months their capital, without which a layout has none.
func layoutOf(layout string) string {
	out := []byte(layout)
	for i, c := range out {
		if c == 'j' {
			out[i] = 'J'
		}
	}
	return string(out)
}
