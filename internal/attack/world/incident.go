package world

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"isac/internal/attack/sentences"
)

// Incident is one incident and all that its victim knows of it.
type Incident struct {
	Index   int // in the world, as drawn
	History int
	Victim  int // index of the member
	Lang    string
	Day     time.Time // first sign
	Told    time.Time // when the report reaches the hub
	Staff   Person
	Other   int // another member, whom the report mentions

	Techniques []string
	Family     string
	Tool       string
	Product    string // id; "" where it was no product that can be scanned
	CVE        string
	Impacts    []string // that happened, by the words of facts

	Host, Host2, IP, User, Path, Case, MAC, Phone, Mail string
	Patients                                            int

	C2IP, C2Domain, C2URL, C2Mail, Hash, NoteHash, Onion, Mutex string

	Sentences []Said
	Consent   bool // the reporter lets the cell be named
	Terse     bool // the report names few of the victim's things
	echoes    []echo
}

// Said is a sentence with everything filled in.
type Said struct {
	Text, Kind  string
	Facts, Open []sentences.Fact
}

// incident draws the i-th incident of a world.
func (w *World) incident(i, history int) Incident {
	r := w.dice(diceIncident, i)
	in := Incident{Index: i, History: history, Lang: "ja"}
	if r.IntN(10) < 3 {
		in.Lang = "en"
	}
	in.Day = start.Add(time.Duration(r.IntN(Years*365))*24*time.Hour + time.Duration(r.IntN(24*60))*time.Minute)
	in.Told = in.Day.Add(8*time.Hour + time.Duration(r.ExpFloat64()*72*float64(time.Hour)))
	in.Victim = w.cast(r, history, YearOf(in.Day))
	v := w.Members[in.Victim]
	in.Other = (in.Victim + 1 + r.IntN(len(w.Members)-1)) % len(w.Members)
	in.Staff, in.Consent, in.Terse = pick(r, v.Staff), r.IntN(10) < 7, r.IntN(5) == 0
	in.attack(r, v)
	in.assets(r, v)
	w.say(r, &in, v)
	in.echoes = in.drawEchoes(r, w)
	return in
}

// cast says who is hit. One time in five it is one of few that are hit again.
func (w *World) cast(r *rand.Rand, history, year int) int {
	active := func(i int) bool { return w.Members[i].Joined <= year }
	again := w.dice(diceCast, history)
	few := make([]int, max(3, w.PerYear/2))
	for i := range few {
		few[i] = again.IntN(len(w.Members))
	}
	for {
		i := r.IntN(len(w.Members))
		if r.IntN(5) == 0 {
			i = pick(r, few)
		}
		if active(i) {
			return i
		}
	}
}

// attack draws what the attacker did and used.
func (in *Incident) attack(r *rand.Rand, v Member) {
	in.Techniques = some(r, techniques, 2+r.IntN(4))
	in.Family, in.Tool = pick(r, families), pick(r, tools)
	if v.Shows != "" && r.IntN(10) < 5 {
		in.Product = v.Shows
	} else if r.IntN(10) < 3 {
		in.Product = shown(r) // a contractor's, say
	}
	if in.Product != "" {
		in.flaw(r, v)
	}
	in.C2IP = fmt.Sprintf("%d.%d.%d.%d", pick(r, c2FirstByte), r.IntN(256), r.IntN(256), 1+r.IntN(254))
	in.C2Domain = pick(r, c2Syllables) + pick(r, c2Syllables) + pick(r, c2Syllables) + "-" + pick(r, c2Syllables) + "." + pick(r, c2Zones)
	in.C2URL = "https://" + pick(r, c2Syllables) + "." + in.C2Domain + "/gate/" + pick(r, c2Syllables) + ".php"
	in.C2Mail = pick(r, c2Syllables) + pick(r, c2Syllables) + "@" + in.C2Domain
	in.Hash, in.NoteHash = randomHex(r, 32), randomHex(r, 32)
	in.Onion = strings.ToLower(onion(r)) + ".onion"
	in.Mutex = pick(r, mutexes) + randomHex(r, 6)
}

// flaw draws the flaw that was used: of the product, else of what a scan shows of
// the victim, else of any.
func (in *Incident) flaw(r *rand.Rand, v Member) {
	for _, id := range []string{in.Product, v.Shows, shown(r)} {
		for _, p := range products {
			if p.id == id && in.CVE == "" {
				in.CVE = pick(r, p.cves)
			}
		}
	}
}

func randomHex(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return hex.EncodeToString(b)
}

func onion(r *rand.Rand) string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := make([]byte, 56)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// assets are the victim's things that the report names.
func (in *Incident) assets(r *rand.Rand, v Member) {
	in.Host, in.Host2 = v.Hosts[r.IntN(2)], v.Hosts[2]
	in.IP = inside(v.IPv4Private, 5+r.IntN(200))
	in.User = in.Staff.User
	in.Path = `D:\` + pick(r, shares) + `\` + in.User + `\` + strconv.Itoa(in.Day.Year()) + "genbo.xlsx"
	in.Case = fmt.Sprintf("%s-%d-%04d", pick(r, []string{"INC", "SEC", "JH"}), in.Day.Year(), r.IntN(10000))
	in.MAC = fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
	in.Phone = v.Phone
	in.Mail = in.User + "@" + v.Domain
	in.Patients = 1000 + r.IntN(90000)
}

// say chooses sentences, one of each kind, and fills them in.
func (w *World) say(r *rand.Rand, in *Incident, v Member) {
	for _, kind := range sentences.Kinds {
		list := w.texts[in.Lang][kind]
		if len(list) == 0 || kind == "background" && r.IntN(2) == 0 {
			continue
		}
		s := pick(r, list)
		if in.CVE == "" && strings.Contains(s.Text, "{cve}") {
			in.flaw(r, v)
		}
		fill := in.filler(r, v)
		said := Said{Text: fill.Replace(s.Text), Kind: kind, Facts: filled(fill, s.Facts), Open: filled(fill, s.Open)}
		in.Sentences = append(in.Sentences, said)
		for _, f := range said.Facts {
			if word, ok := strings.CutPrefix(f.Any[0], "impact:"); ok && !slices.Contains(in.Impacts, word) {
				in.Impacts = append(in.Impacts, word)
			}
		}
	}
}

func filled(fill *strings.Replacer, list []sentences.Fact) []sentences.Fact {
	var out []sentences.Fact
	for _, f := range list {
		g := sentences.Fact{Confidence: f.Confidence}
		for _, k := range f.Any {
			g.Any = append(g.Any, fill.Replace(k))
		}
		out = append(out, g)
	}
	return out
}

// filler puts the victim's and the attacker's things into a sentence.
func (in *Incident) filler(r *rand.Rand, v Member) *strings.Replacer {
	hospital, abbr, city, pref, staff, date := v.NameJA, v.AbbrJA, v.Municipality, v.Prefecture, in.Staff.Kanji, dateJA(r, in.Day)
	if in.Lang == "en" {
		hospital, city, pref, staff, date = v.NameRomaji, v.MunicipalEN, v.PrefectureEN, in.Staff.Latin, in.Day.Format("2 January 2006")
		if r.IntN(2) == 0 {
			abbr = v.AbbrEN
		}
	}
	return strings.NewReplacer(
		"{hospital}", hospital, "{abbr}", abbr, "{city}", city, "{pref}", pref, "{operator}", v.LegalName, "{contractor}", v.Contractor,
		"{vendor}", v.Vendor, "{staff}", staff, "{host}", in.Host, "{domain}", v.Domain, "{ip}", in.IP, "{beds}", v.Beds, "{date}", date,
		"{phone}", in.Phone, "{mail}", in.Mail, "{case_id}", in.Case, "{c2_ip}", in.C2IP, "{c2_domain}", in.C2Domain, "{hash}", in.Hash,
		"{cve}", in.CVE, "{family}", in.Family, "{tool}", in.Tool, "{user}", in.User, "{path}", in.Path, "{onion}", in.Onion,
	)
}

// dateJA writes a day in one of the ways in which reports do.
func dateJA(r *rand.Rand, day time.Time) string {
	switch era := day.Year() - 2018; {
	case r.IntN(3) == 0 && era > 1:
		return fmt.Sprintf("令和%d年%d月%d日", era, day.Month(), day.Day())
	case r.IntN(2) == 0:
		return day.Format("2006/1/2")
	}
	return fmt.Sprintf("%d年%d月%d日", day.Year(), day.Month(), day.Day())
}
