package disguise

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
)

// phoneNotation writes a number with hyphens in another notation.
func phoneNotation(r *rand.Rand, s string) string {
	p := strings.Split(s, "-")
	if len(p) != 3 || p[0] == "" {
		return ""
	}
	area := strings.TrimPrefix(p[0], "0")
	forms := []string{
		p[0] + "(" + p[1] + ")" + p[2], p[0] + "（" + p[1] + "）" + p[2], "(" + p[0] + ") " + p[1] + "-" + p[2], p[0] + p[1] + p[2], p[0] + " " + p[1] + " " + p[2],
		p[0] + "." + p[1] + "." + p[2], p[0] + "／" + p[1] + "／" + p[2], p[0] + "ー" + p[1] + "ー" + p[2], p[0] + "−" + p[1] + "−" + p[2],
		"+81-" + area + "-" + p[1] + "-" + p[2], "+81 " + area + " " + p[1] + " " + p[2], "+81" + area + p[1] + p[2], "+81 (0)" + area + "-" + p[1] + "-" + p[2],
		"0081-" + area + "-" + p[1] + "-" + p[2], "010-81-" + area + "-" + p[1] + "-" + p[2], "tel:+81-" + area + "-" + p[1] + "-" + p[2],
		"電話 " + s, "TEL:" + s, "☎" + s,
	}
	return forms[r.IntN(len(forms))]
}

// otherDigits writes all digits in another script.
func otherDigits(r *rand.Rand, s string) string {
	zeros := []rune{0x660, 0x6f0, 0x966, 0x1d7ce, 0x1d7f6, '０'}
	zero := zeros[r.IntN(len(zeros))]
	kanji := []rune("〇一二三四五六七八九")
	return strings.Map(func(c rune) rune {
		switch {
		case c < '0' || c > '9':
			return c
		case zero == 0x966 && strings.Contains(s, "0"): // a number without zero may be a count
			return kanji[c-'0']
		}
		return zero + c - '0'
	}, s)
}

func postalNotation(r *rand.Rand, s string) string {
	digits := strings.TrimPrefix(strings.ReplaceAll(s, "-", ""), "〒")
	if len(digits) != 7 {
		return ""
	}
	a, b := digits[:3], digits[3:]
	forms := []string{"〒" + digits, "〒" + a + " " + b, "〒" + a + "－" + b, "〒" + a + "ー" + b, "郵便番号：" + a + "-" + b, "〒 " + a + "−" + b}
	return forms[r.IntN(len(forms))]
}

func v4Notation(r *rand.Rand, s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return ""
	}
	b := a.As4()
	forms := []string{
		"http://" + s + "/a", s + ":8443", "::ffff:" + s, fmt.Sprintf("%d.%d.%d.%d.in-addr.arpa", b[3], b[2], b[1], b[0]),
		fmt.Sprintf("ip-%d-%d-%d-%d", b[0], b[1], b[2], b[3]), s + "/32", "[" + s + "]", fmt.Sprintf("0x%02x%02x%02x%02x", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%03d.%03d.%03d.%03d", b[0], b[1], b[2], b[3]),
	}
	return forms[r.IntN(len(forms))]
}

func v6Notation(r *rand.Rand, s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return ""
	}
	forms := []string{
		a.StringExpanded(), strings.ToUpper(s), strings.ToUpper(a.StringExpanded()), "[" + s + "]:443", "http://[" + s + "]/x", s + "%eth0", s + "/128",
		strings.ReplaceAll(s, ":", "[:]"),
	}
	return forms[r.IntN(len(forms))]
}

// defanged writes a domain, mailbox or address so that nothing follows it.
func defanged(r *rand.Rand, s string) string {
	dots := []string{"[.]", "(.)", "{.}", "[dot]", "(dot)", " dot ", "．", "。", "｡", `\.`}
	ats := []string{"[@]", "(at)", "[at]", "＠", " at ", "@"}
	s = strings.ReplaceAll(s, ".", dots[r.IntN(len(dots))])
	return strings.ReplaceAll(s, "@", ats[r.IntN(len(ats))])
}

// underDomain writes what stands at a domain.
func underDomain(r *rand.Rand, s string) string {
	forms := []string{"www." + s, "https://" + s + "/login?a=b", "hxxps://mail." + s, "tanaka@" + s, s + ".", "*." + s, "cn=" + s + ",o=x", `\\fs01.` + s + `\share`}
	return forms[r.IntN(len(forms))]
}
