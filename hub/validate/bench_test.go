package validate_test

import (
	"encoding/json"
	"testing"

	"isac/internal/sample"
)

// BenchmarkValidate checks bundles of fifty mixed objects (strict reading, schemas
// and all rules); its yardstick is encoding/json decoding the same bytes.
func BenchmarkValidate(b *testing.B) {
	v := validator(b)
	bundles := mixedBundles(b, 20)
	size := 0
	for _, data := range bundles {
		problems, err := v.Document(data)
		if err != nil || len(problems) > 0 {
			b.Fatalf("the generated bundle isn't valid: %v %v", err, problems)
		}
		size += len(data)
	}
	perSecond := func(b *testing.B, check func([]byte) error) float64 {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			for _, data := range bundles {
				err := check(data)
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		rate := float64(b.N*len(bundles)*sample.MixedObjects) / b.Elapsed().Seconds()
		b.ReportMetric(rate, "objects/s")
		return rate
	}
	plain := 0.0
	b.Run("encoding-json", func(b *testing.B) {
		plain = perSecond(b, func(data []byte) error { return json.Unmarshal(data, new(any)) })
	})
	b.Run("validate", func(b *testing.B) {
		rate := perSecond(b, func(data []byte) error {
			_, err := v.Document(data)
			return err
		})
		if plain > 0 {
			b.ReportMetric(rate/plain, "ratio")
		}
	})
}

func mixedBundles(tb testing.TB, n int) [][]byte {
	tb.Helper()
	bundles, err := sample.Mixed(n)
	if err != nil {
		tb.Fatal(err)
	}
	return bundles
}
