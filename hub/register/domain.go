package register

import "strings"

// Registrable returns the part of a domain that somebody has registered, by
// the rules of the zones that matter here: organisational and geographic .jp,
// second levels such as co.uk, else two labels. Place tells that this part is
// itself a place: city.pref.jp.
func Registrable(domain string) (registrable string, place bool) {
	labels := strings.Split(domain, ".")
	n := len(labels)
	last := func(k int) string { return strings.Join(labels[max(0, n-k):], ".") }
	if n <= 2 {
		return domain, false
	}
	second := labels[n-2]
	switch {
	case labels[n-1] == "jp" && organisational[second]:
		return last(3), false
	case labels[n-1] == "jp" && prefectures[second]:
		return last(3), true
	case len(labels[n-1]) == 2 && labels[n-1] != "jp" && organisational[second]:
		return last(3), false
	}
	return last(2), false
}

// organisational are second-level labels under which names are registered.
var organisational = set("ac ad co ed go gr lg ne or com net org gov edu")

// prefectures are the second-level labels of geographic .jp names.
var prefectures = set(`hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama
	chiba tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto
	osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi
	fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa`)

func set(fields string) map[string]bool {
	m := map[string]bool{}
	for _, f := range strings.Fields(fields) {
		m[f] = true
	}
	return m
}

// underDomain reports whether name is the domain or lies under it.
func underDomain(name, domain string) bool {
	name, domain = strings.ToLower(name), strings.ToLower(domain)
	return domain != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}
