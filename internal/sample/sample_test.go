package sample_test

import (
	"testing"

	"isac/hub/stix"
	"isac/internal/sample"
	"isac/internal/validation"
)

// The figures say what was measured: 50 objects, 30 KB, valid.
func TestSamplesAreWhatTheyAreCalled(t *testing.T) {
	v, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	list, err := sample.Sector(40, 10)
	if err != nil {
		t.Fatal(err)
	}
	if list.Len() != 40 || len(list.Members()) != 10 {
		t.Errorf("the list has %d organisations and %d members, want 40 and 10", list.Len(), len(list.Members()))
	}
	report, err := sample.Report(list.Members()[0], "a")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(report); n < 28_000 || n > 32_000 {
		t.Errorf("the report has %d bytes, want about 30 KB", n)
	}
	mixed, err := sample.Mixed(2)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range append(mixed, report) {
		problems, err := v.Document(data)
		if err != nil || len(problems) > 0 {
			t.Errorf("not valid: %v %v", err, problems)
		}
		b, err := stix.ParseBundle(data, stix.DefaultLimits())
		if err != nil || len(b.Objects) != sample.MixedObjects {
			t.Errorf("%d objects, %v; want %d", len(b.Objects), err, sample.MixedObjects)
		}
	}
}
