package profile

import "testing"

func TestDescribe(t *testing.T) {
	p := HealthcareJP()
	value := p.Describe(map[string]string{"size": "from-200", "region": "west"})
	if value != "region=west+size=from-200" {
		t.Errorf("described as %q", value)
	}
	labels := p.Described(value)
	if len(labels) != 2 || labels[0].EN != "western Japan" || labels[1].JA != "200 床以上" {
		t.Errorf("read as %v", labels)
	}
	for _, groups := range []map[string]string{nil, {"region": "north"}, {"weather": "rain"}, {"region": "west", "weather": "rain"}} {
		if got := p.Describe(groups); got != "" {
			t.Errorf("%v is described as %q", groups, got)
		}
	}
	for _, value := range []string{"", "region", "region=", "region=north", "size=from-200+region=west", "region=west+region=west", "region=west+", "region=west size=from-200", "SYN00042"} {
		if labels := p.Described(value); labels != nil {
			t.Errorf("%q is read as %v", value, labels)
		}
	}
	if got := LocalGovernmentJP().Described(value); got != nil {
		t.Errorf("another sector reads it as %v", got)
	}
}
