package anonymize

import (
	"encoding/json"
	"testing"

	"isac/hub/register"
	"isac/hub/stix"
	"isac/internal/sample"
)

// BenchmarkDraft anonymizes a Japanese report of 50 objects and 30 KB against a list
// of the whole sector; its yardstick is encoding/json decoding the same bytes.
func BenchmarkDraft(b *testing.B) {
	list, err := sample.Sector(sample.Whole, sample.Whole)
	if err != nil {
		b.Fatal(err)
	}
	a := New(Config{Register: register.NewIndex(list), RegisterDigest: list.Digest()})
	member := list.Members()[0]
	data, err := sample.Report(member, "bench")
	if err != nil {
		b.Fatal(err)
	}
	plain := 0.0
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if err := json.Unmarshal(data, new(any)); err != nil {
				b.Fatal(err)
			}
		}
		plain = b.Elapsed().Seconds() / float64(b.N)
	})
	b.Run("draft", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
			if err != nil {
				b.Fatal(err)
			}
			if _, err := a.Draft(Input{Bundle: bundle, Member: member, Received: received, Random: seeded(1)}); err != nil {
				b.Fatal(err)
			}
		}
		if plain > 0 {
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/plain, "x-plain-json")
		}
	})
}

// BenchmarkNew is what a start costs.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Config{})
	}
}
