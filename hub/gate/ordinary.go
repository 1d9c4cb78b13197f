package gate

import (
	"strings"
	"unicode/utf8"
)

// ordinary are words that say nothing by themselves when they are a part of a value
// left out: of a URL's path, a host name, a file path, a name of several words. A
// whole value that is one of them is searched for all the same.
var ordinary = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(ordinaryWords) {
		m[w] = true
	}
	return m
}()

// common reports whether a word is ordinary, in whatever letters it is written: an
// output is searched for its folded form.
func common(w string) bool {
	return ordinary[strings.ToLower(w)] || !ascii(w) && ordinary[squeeze(w)]
}

// ascii reports whether all of s is ASCII.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const ordinaryWords = `
www mail web vpn ftp sftp ns dns mx smtp imap pop proxy gateway gw fw firewall router switch server srv sv file files dc ad adfs ldap ntp db sql api app apps
dev test stage prod cdn static img images media assets blog news shop support help portal login auth sso remote rdp rds citrix owa sslvpn webvpn autodiscover webmail host
localhost local internal intra intranet extranet lan wan home office admin administrator root user users guest info contact sales service services system
systems default public private common shared share shares data backup backups bak temp tmp log logs bin lib opt var etc usr program programdata windows
system32 syswow64 appdata roaming desktop documents downloads pictures videos music startup start menu programs microsoft google chrome software
index html article articles story stories page pages post posts category tag tags archive archives wp-content wp-admin uploads content press release
releases report reports update updates press-release liveblog feed search view item items entry detail details default
about above abuse access according account accounts across action active actor actors address addresses after again against agency alert alerts allow allowed
almost alone already although always among another anyone appear applied apply april around attack attacked attacker attackers attacks attempt august
authentication available aware based because become before began behind being believe below between breach breached breaches business called cannot
capital cause caused center central centre change changed charge check city claim clear click clinic close cloud code command company computer computers
confirmed connect connected connection contain contained control corporation could council county court created credential credentials critical customer customers
cyber cyberattack cybersecurity daily database days december delete deleted deny department detect detected device devices different director disclosed
discovered disk does domain done down download during each early east eight electronic email emails emergency employee employees encrypted encryption
error every everyone evidence example execute executed exfiltrated expected exploit exploited exposed external family february federal fifth files final
first five following forensic found four fourth friday from full further gained general government great group groups hacker hackers hacking hacks half
have health healthcare hidden high hospital hospitals hours house however http https identified identity illegal impact important incident incidents
include included including increase individual industry infected infection information initial install installed institute insurance international
internet investigated investigating investigation investigators january july june just keep known large last later launched leak leaked learn least
left letter letters level likely link list made mailing main maintenance malicious malware manage management manager many march medical medicine member
members memorial message method might million minutes monday money month months more most multiple must name names national network networks never night
north notice notified notify november number numbers object october officer official officials often older online only open operation operations
operator order organisation organisations organization organizations other others outage over owner paid paper part party password passwords patch path patient
patients payment people person personal phishing phone place planned please point police policy possible power practice press previous print privacy private
problem process product program protect protected protection provide provided provider public published ransom ransomware reached read records
recover recovered recovery regional related remain remote remove removed report reported reports request required response restore restored
result return review risk sample saturday school screen second section sector secure security seized sensitive sent september seven
several should shut since site sites small social some south spread staff standard started state states statement steal still stole stolen stop stopped
storage street stronger suite sunday suspect suspected system systems taken target targeted team technical technology than their them then there these they
thief thieves third this those thought thousand thousands threat three through thursday time times today told tool total traffic tried trust tuesday under
university unknown unlocked until upload urged used user using vendor victim victims virus visit vulnerability wednesday week weeks were west what when where
whether which while white whole with within without work worker workers world would year years yesterday your
medium group trust foundation institution services solutions technologies limited incorporated association society college academy ministry
`
