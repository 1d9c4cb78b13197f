package attack

import (
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"isac/hub"
	"isac/internal/attack/adversary"
	"isac/internal/attack/world"
)

// judge lets every adversary try and counts.
func (s *siege) judge(seed uint64) []Row {
	j := &judge{siege: s, sector: s.public(), dice: rand.New(rand.NewPCG(seed, uint64(len(s.w.Members))))}
	rows := append(j.direct(), j.dictionary())
	rows = append(rows, j.unaided()...)
	rows = append(rows, j.insiders()...)
	rows = append(rows, j.aided()...)
	for i := range rows {
		rows[i].Members = len(s.w.Members)
	}
	return rows
}

type judge struct {
	*siege
	sector *adversary.Sector
	dice   *rand.Rand
}

// public is what anybody may know of the sector, and a reader of its members.
func (s *siege) public() *adversary.Sector {
	out := &adversary.Sector{
		K: s.path.profile.K, Organs: map[string]hub.Organisation{}, News: map[int][]adversary.News{}, Scan: s.w.Scan(), Flaws: world.Flaws(),
		Fits: s.path.fits, Outside: s.path.profile.IsOutside, Behind: s.path.behind(),
	}
	for _, o := range s.w.List {
		out.Organs[o.ID] = o
	}
	for _, y := range s.path.years {
		told, ids := map[string][]string{}, []string{}
		for _, m := range y.active {
			ids = append(ids, m.ID)
			if says := y.told[m.ID]; says != "" {
				told[says] = append(told[says], m.ID)
			}
		}
		out.Active, out.Told = append(out.Active, ids), append(out.Told, told)
	}
	for _, c := range s.cases {
		if _, ok := out.News[c.in.History]; ok {
			continue
		}
		var list []adversary.News
		for _, n := range s.w.News(c.in.History) {
			list = append(list, adversary.News{Org: n.Org, Day: n.Day, Impacts: n.Impacts})
		}
		out.News[c.in.History] = list
	}
	return out
}

// ownFrom is in how many alerts a text stands word for word that is the hub's own.
const ownFrom = 12

// direct counts alerts in which anything planted in their report can be found, and
// by themselves those with a thing of the victim's that neither the sector list nor
// the rest of the report has: of such a thing only the victim knows whose it is.
func (j *judge) direct() []Row {
	own := j.ownTexts()
	var alerts, known, alone atomic.Int64
	var found sync.Map
	each(len(j.cases), func(i int) {
		c := j.cases[i]
		needles, before := j.needles(c), map[string]bool{}
		read := func(text string) bool { return own(text) || before[text] }
		for _, data := range [][]byte{c.release.Flash, c.release.Full, c.release.Draft} {
			if data == nil {
				continue
			}
			alerts.Add(1)
			search := adversary.Read(data, read)
			for _, text := range adversary.Strings(data) {
				before[text] = true
			}
			hit := map[bool]bool{}
			for _, n := range needles {
				if !hit[n.Alone] && search.Find(n.Needle) {
					hit[n.Alone] = true
					n, _ := found.LoadOrStore(n.key(), new(atomic.Int64))
					n.(*atomic.Int64).Add(1)
				}
			}
			known.Add(count(hit[false]))
			alone.Add(count(hit[true]))
		}
	})
	rows := []Row{
		atMost("unaided", "direct", int(known.Load()), int(alerts.Load()), 0),
		atMost("unaided", "direct.alone", int(alone.Load()), int(alerts.Load()), 1),
	}
	found.Range(func(key, n any) bool {
		of := 0
		kind, isAlone := strings.CutPrefix(key.(string), "alone: ")
		if isAlone {
			of = 1
		}
		if rows[of].Kinds == nil {
			rows[of].Kinds = map[string]int{}
		}
		rows[of].Kinds[kind] = int(n.(*atomic.Int64).Load())
		return true
	})
	return rows
}

// planted is a needle, and whether only the victim knows it.
type planted struct {
	adversary.Needle
	Alone bool
}

func (p planted) key() string {
	if p.Alone {
		return "alone: " + p.Kind
	}
	return p.Kind
}

func count(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// needles are what was planted, but for the day where it is a day of release too.
func (j *judge) needles(c attacked) []planted {
	var out []planted
	day := c.in.Day.Format("2006-01-02")
	for _, p := range j.w.Planted(c.in) {
		same := p.Kind == "day" || p.Kind == "text" && adversary.Same(p.Value, day) // however it is spelled
		if same && (day == c.release.FlashAt.UTC().Format("2006-01-02") || day == c.release.FullAt.UTC().Format("2006-01-02")) {
			continue
		}
		out = append(out, planted{adversary.Needle{Kind: p.Kind, Value: p.Value}, p.Alone})
	}
	return out
}

// ownTexts tells the strings that alerts of many incidents have.
func (j *judge) ownTexts() func(string) bool {
	seed := maphash.MakeSeed()
	counts := map[uint64]int{}
	for _, c := range j.cases {
		seen := map[uint64]bool{}
		for _, data := range [][]byte{c.release.Flash, c.release.Full, c.release.Draft} {
			for _, text := range adversary.Strings(data) {
				seen[maphash.String(seed, text)] = true
			}
		}
		for h := range seen {
			counts[h]++
		}
	}
	return func(text string) bool { return counts[maphash.String(seed, text)] >= ownFrom }
}

// each calls do for 0 to n-1 on all processors.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.NumCPU() {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}

// dictionary counts alerts in which a guess about their victim is confirmed, and
// drafts whose commitment opens.
func (j *judge) dictionary() Row {
	var alerts [][]byte
	var victims []string
	for _, c := range j.cases {
		for _, data := range [][]byte{c.release.Flash, c.release.Full, c.release.Draft} {
			alerts, victims = append(alerts, data), append(victims, c.victim)
		}
	}
	d := adversary.NewDictionary(alerts)
	hits := map[int]bool{}
	for _, o := range j.w.List {
		for _, i := range d.Guess(o) {
			hits[i] = hits[i] || victims[i] == o.ID
		}
	}
	confirmed := 0
	for _, hit := range hits {
		if hit {
			confirmed++
		}
	}
	for _, c := range j.cases {
		sum, salt, err := commitment(c.release.Draft)
		raw, bad := hex.DecodeString(salt)
		if err == nil && bad == nil && adversary.Opens(sum, raw, j.sector.Organs[c.victim]) {
			confirmed++
		}
	}
	return atMost("unaided", "dictionary", confirmed, len(alerts), 0)
}

// unaided are those who know the sector and no more. Where the alert names a cell
// they come nearest, so that these alerts are counted by themselves.
func (j *judge) unaided() []Row {
	bound := 1 / float64(j.sector.K)
	linkage := func(r adversary.Release) []string { return adversary.Linkage(j.sector, r, adversary.Everything) }
	minimality := func(r adversary.Release) []string { return adversary.Minimality(j.sector, r, adversary.Everything) }
	rows := []Row{
		j.guess("linkage", bound, j.cases, linkage), j.guess("linkage.cell", bound, j.told(), linkage),
		j.guess("minimality", bound, j.cases, minimality), j.guess("minimality.cell", bound, j.told(), minimality),
		j.intersection(bound),
	}
	side, rest := j.side()
	return append(rows, j.guess("side", bound, rest, side.Suspects))
}

// told are the cases whose alert names a cell.
func (j *judge) told() []attacked {
	var out []attacked
	for _, c := range j.cases {
		for _, f := range c.release.Says {
			if f.Class == hub.Cell {
				out = append(out, c)
			}
		}
	}
	return out
}

// guess lets an adversary name one of its suspects for each case.
func (j *judge) guess(name string, bound float64, cases []attacked, suspects func(adversary.Release) []string) Row {
	hits := 0
	for _, c := range cases {
		list := suspects(c.release)
		if len(list) > 0 && list[j.dice.IntN(len(list))] == c.victim {
			hits++
		}
	}
	return atMost("unaided", name, hits, len(cases), bound)
}

// intersection puts the alerts of each victim of a history together.
func (j *judge) intersection(bound float64) Row {
	by := map[string][]adversary.Release{}
	order := []string{}
	for _, c := range j.told() {
		key := fmt.Sprint(c.in.History, " ", c.victim)
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], c.release)
	}
	hits, tries := 0, 0
	for _, key := range order {
		if len(by[key]) < 2 {
			continue
		}
		list := adversary.Intersection(j.sector, by[key])
		tries++
		if key == fmt.Sprint(by[key][0].History, " ", list[j.dice.IntN(len(list))]) {
			hits++
		}
	}
	return atMost("unaided", "intersection", hits, tries, bound)
}

// side learns from the first half of the cases and is tried on the rest.
func (j *judge) side() (*adversary.Side, []attacked) {
	half := len(j.cases) / 2
	var releases []adversary.Release
	var victims []string
	for _, c := range j.cases[:half] {
		releases, victims = append(releases, c.release), append(victims, c.victim)
	}
	return adversary.Learn(releases, victims), j.cases[half:]
}

// insiders exclude members, an operator, a vendor. The bound of one who excludes t
// is one in as many as remain of the cell.
func (j *judge) insiders() []Row {
	cases := j.told()
	var rows []Row
	for t := range j.sector.K {
		var success []float64
		bound := 0.0
		for _, c := range cases {
			success = append(success, chance(adversary.Insider(j.sector, c.release, t, c.victim, j.dice), c.victim))
			whole := adversary.Minimality(j.sector, c.release, adversary.Everything)
			bound += 1 / float64(max(1, len(whole)-t)) / float64(len(cases))
		}
		row := Row{Group: "insider", Name: "exclude", Detail: strconv.Itoa(t), Tries: len(cases), Bound: bound, Equal: true}
		row.Rate, row.Low, row.High = mean(success)
		rows = append(rows, row.judged())
	}
	by := [][]func(hub.Organisation) string{{adversary.Operator}, {adversary.Vendor}, {adversary.Operator, adversary.Vendor}}
	for i, name := range []string{"operator", "vendor", "operator-vendor"} {
		hits := 0
		for _, c := range cases {
			list := adversary.Group(j.sector, c.release, c.victim, by[i]...)
			if len(list) > 0 && list[j.dice.IntN(len(list))] == c.victim {
				hits++
			}
		}
		rows = append(rows, atMost("insider", name, hits, len(cases), 1/float64(j.sector.K)))
	}
	return rows
}

// gain is how much more an adversary may find with an alert than with technique and
// family alone.
const gain = 0.02

// aided are those who know something that the hub can't hide.
func (j *judge) aided() []Row {
	var rows []Row
	for _, a := range []struct {
		name     string
		suspects func(*adversary.Sector, adversary.Release, adversary.View) []string
	}{
		{"news", adversary.Headlines},
		{"scan", adversary.Scanner},
		{"news-scan", adversary.HeadlinesAndScan},
		{"moderator", adversary.Moderator},
		{"moderator-news", adversary.ModeratorWithNews},
	} {
		var more, with, bare []float64
		for _, c := range j.cases {
			w := chance(a.suspects(j.sector, c.release, adversary.Everything), c.victim)
			b := chance(a.suspects(j.sector, c.release, adversary.Bare), c.victim)
			more, with, bare = append(more, w-b), append(with, w), append(bare, b)
		}
		rows = append(rows, difference(a.name, more, with, bare))
	}
	return rows
}

// chance is that of naming the victim when one of the suspects is named at random.
func chance(suspects []string, victim string) float64 {
	if !contains(suspects, victim) {
		return 0
	}
	return 1 / float64(len(suspects))
}
