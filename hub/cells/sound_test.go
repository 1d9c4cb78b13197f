package cells_test

import (
	"encoding/json"
	"testing"

	"isac/hub/cells"
	"isac/hub/profile"
)

func TestSound(t *testing.T) {
	p := profile.HealthcareJP()
	h, err := cells.History{}.Next(sector(400), cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Now().Sound(); err != nil {
		t.Errorf("what Next made: %v", err)
	}
	if err := (cells.Partition{}).Sound(); err == nil {
		t.Error("the zero partition is sound")
	}
	last := len(h.Now().Cells) - 1
	for why, change := range map[string]func(*cells.Partition){
		"a number":       func(p *cells.Partition) { p.Cells[last].Number = 1 },
		"from itself":    func(p *cells.Partition) { p.Cells[last].From = last + 1 },
		"a part":         func(p *cells.Partition) { p.Cells[0].Parts[0] = last + 2 },
		"a loop":         func(p *cells.Partition) { p.Cells[0].Parts[0] = 1 },
		"no parts":       func(p *cells.Partition) { p.Cells[0].Parts = nil },
		"a stranger":     func(p *cells.Partition) { p.Cells[last].Members = append(p.Cells[last].Members, "X") },
		"a member twice": func(p *cells.Partition) { p.Active = append(p.Active, p.Active[0]) },
		"in two cells": func(p *cells.Partition) {
			p.Cells[last].Members = append(p.Cells[last].Members, p.Cells[last].Members[0])
		},
		"in a divided one": func(p *cells.Partition) { p.Cells[0].Members = p.Cells[last].Members[:1] },
		"no version":       func(p *cells.Partition) { p.Version = 0 },
	} {
		var changed cells.Partition
		if err := json.Unmarshal([]byte(encode(t, h.Now())), &changed); err != nil {
			t.Fatal(err)
		}
		change(&changed)
		if err := changed.Sound(); err == nil {
			t.Errorf("%s: sound", why)
		}
	}
}
