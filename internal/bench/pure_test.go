package bench

import (
	"crypto/rand"
	"testing"

	"isac/hub/anonymize"
	"isac/hub/validate"
	"isac/internal/sample"
)

// pure returns the stages and a report of the figures, for profiles.
func pure(b *testing.B) (*run, validate.Checked) {
	b.Helper()
	list, err := sample.Sector(sample.Whole, 2000)
	if err != nil {
		b.Fatal(err)
	}
	r := &run{list: list}
	r.tools, err = newTools(list)
	if err != nil {
		b.Fatal(err)
	}
	report, err := sample.Report(list.Members()[0], "gate")
	if err != nil {
		b.Fatal(err)
	}
	checked, err := r.tools.check(list.Members()[0], report)
	if err != nil {
		b.Fatal(err)
	}
	return r, checked
}

func BenchmarkAnonymize(b *testing.B) {
	r, checked := pure(b)
	for b.Loop() {
		_, err := r.tools.alerts(checked, r.list.Members()[0], nil)
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGate(b *testing.B) {
	r, checked := pure(b)
	pair, err := r.tools.anonymizer.Draft(anonymize.Input{
		Checked: checked, Member: r.list.Members()[0], Answers: anonymize.Answers{AllConfirmed: true}, Random: rand.Reader, Received: checked.Received().At(),
	})
	if err != nil {
		b.Fatal(err)
	}
	both, err := r.tools.alerts(checked, r.list.Members()[0], nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(both[1])))
	b.ReportMetric(float64(len(pair.LeftOut)), "left-out")
	for b.Loop() {
		if err := r.tools.passes(both[1], pair.LeftOut); err != nil {
			b.Fatal(err)
		}
	}
}
