package adversary

import (
	"bytes"
	"cmp"
	"math"
	"slices"
)

// Side looks at no word: only at sizes, counts, order and times. It has learnt from
// alerts of which it knows the victim, and takes for the victim of a new one who was
// that of the most alike.
type Side struct {
	seen   [][]float64
	victim []string
	scale  []float64
}

// feature reads one number of a release.
var feature = map[string]func(Release) float64{
	"flash bytes":   func(r Release) float64 { return float64(len(r.Flash)) },
	"full bytes":    func(r Release) float64 { return float64(len(r.Full)) },
	"flash objects": func(r Release) float64 { return objects(r.Flash) },
	"full objects":  func(r Release) float64 { return objects(r.Full) },
	"facts":         func(r Release) float64 { return float64(len(r.Says)) },
	"draft bytes":   func(r Release) float64 { return float64(len(r.Draft)) },
	"order": func(r Release) float64 {
		return float64(bytes.Index(r.Full, []byte(`"indicator"`)) - bytes.Index(r.Full, []byte(`"attack-pattern"`)))
	},
	"gap":    func(r Release) float64 { return r.FullAt.Sub(r.FlashAt).Minutes() },
	"minute": func(r Release) float64 { return float64(r.FlashAt.Hour()*60 + r.FlashAt.Minute()) },
	"second": func(r Release) float64 { return float64(r.FlashAt.Second()*1000 + r.FlashAt.Nanosecond()/1e6) },
	"day":    func(r Release) float64 { return float64(r.FlashAt.Weekday()) },
}

func objects(data []byte) float64 { return float64(bytes.Count(data, []byte(`"spec_version"`))) }

func featuresOf(r Release) []float64 {
	var out []float64
	for _, name := range strength.Side.Features {
		out = append(out, feature[name](r))
	}
	return out
}

// Learn makes one from releases and their victims.
func Learn(releases []Release, victims []string) *Side {
	s := &Side{victim: victims}
	for _, r := range releases {
		s.seen = append(s.seen, featuresOf(r))
	}
	for i := range strength.Side.Features {
		sum, squares := 0.0, 0.0
		for _, v := range s.seen {
			sum += v[i]
			squares += v[i] * v[i]
		}
		n := float64(len(s.seen))
		s.scale = append(s.scale, 1/math.Max(1e-9, math.Sqrt(math.Max(0, squares/n-sum/n*sum/n))))
	}
	return s
}

// Suspects are the victims of the nearest releases that it has learnt.
func (s *Side) Suspects(r Release) []string {
	v := featuresOf(r)
	type near struct {
		far float64
		who string
	}
	var list []near
	for i, w := range s.seen {
		far := 0.0
		for j := range v {
			d := (v[j] - w[j]) * s.scale[j]
			far += d * d
		}
		list = append(list, near{far, s.victim[i]})
	}
	slices.SortFunc(list, func(a, b near) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.who, b.who)) })
	var out []string
	for _, n := range list[:min(len(list), strength.Side.Neighbors)] {
		if !slices.Contains(out, n.who) {
			out = append(out, n.who)
		}
	}
	return out
}
