package main

import (
	"context"
	"fmt"
	"strings"

	"isac/hub/cells"
	"isac/internal/admin"
	"isac/internal/console"
)

// partitionBuild makes the next version of the partition from the members of now.
func partitionBuild(ctx context.Context, e *console.Env) error {
	p, err := askPartition(ctx, e, "partition-build")
	if err != nil {
		return err
	}
	return e.Print(p, func() {
		if !p.Built {
			e.Say("isacd.partition-same", fmt.Sprint(p.Version))
			return
		}
		e.Say("isacd.partition-built", fmt.Sprint(p.Version), fmt.Sprint(len(p.Cells)), fmt.Sprint(p.Members), fmt.Sprint(p.Told))
	})
}

// partitionShow explains every cell of the newest version.
func partitionShow(ctx context.Context, e *console.Env) error {
	p, err := askPartition(ctx, e, "partition-show")
	if err != nil {
		return err
	}
	return e.Print(p, func() {
		e.Say("isacd.partition-head", fmt.Sprint(p.Version), p.Profile, fmt.Sprint(p.Members), fmt.Sprint(p.Told), fmt.Sprint(p.K), fmt.Sprint(p.Spread))
		for _, c := range p.Cells {
			showCell(e, c)
		}
	})
}

// partitionCheck compares the newest version with the members of now.
func partitionCheck(ctx context.Context, e *console.Env) error {
	p, err := askPartition(ctx, e, "partition-check")
	if err != nil {
		return err
	}
	weak, count := 0, 0
	for _, c := range p.Cells {
		if c.Standing != nil {
			count++
		}
		if c.Standing != nil && !c.Standing.Holds {
			weak++
		}
	}
	err = e.Print(p, func() {
		for _, c := range p.Cells {
			if c.Standing != nil {
				showStanding(e, c)
			}
		}
		e.Say("isacd.partition-checked", fmt.Sprint(p.Version), fmt.Sprint(count), fmt.Sprint(weak))
	})
	if err == nil && weak > 0 {
		return console.ExitError(6)
	}
	return err
}

func askPartition(ctx context.Context, e *console.Env, op string) (*admin.Partition, error) {
	config := e.Flags.String("config", "", "")
	dir := e.Flags.String("data", "", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return nil, err
	}
	s, err := readSettings(*config)
	if err != nil {
		return nil, err
	}
	if *dir != "" {
		s.Data = *dir
	}
	reply, err := askWith(ctx, s, admin.Request{Op: op})
	return reply.Partition, err
}

func showCell(e *console.Env, c admin.Cell) {
	fmt.Fprintln(e.Out)
	e.Say("isacd.cell", fmt.Sprint(c.Number), wordsOf(e, c))
	state := "isacd.cell-told"
	switch {
	case len(c.Members) == 0:
		state = "isacd.cell-empty"
	case c.Silent:
		state = "isacd.cell-silent"
	case !c.Told:
		state = "isacd.cell-whole"
	}
	fmt.Fprintf(e.Out, "  %s\n", e.Text(state))
	if c.From > 0 {
		part := "isacd.cell-part"
		if c.Rest {
			part = "isacd.cell-rest"
		}
		fmt.Fprintf(e.Out, "  %s\n", e.Text(part, fmt.Sprint(c.From), c.By))
	}
	if len(c.Members) > 0 {
		showMargin(e, c.Margin)
	}
}

// showMargin tells how many there are, and what the tightest of the bounds leaves.
func showMargin(e *console.Env, m cells.Margin) {
	fmt.Fprintf(e.Out, "  %s\n", e.Text("isacd.cell-size", fmt.Sprint(m.Members), fmt.Sprint(m.Places)))
	fmt.Fprintf(e.Out, "  %s\n", e.Text("isacd.cell-fewest", whoOf(e, m.Fewest), fmt.Sprint(m.Fewest.Members)))
	fmt.Fprintf(e.Out, "  %s\n", e.Text("isacd.cell-narrowest", whoOf(e, m.Narrowest), fmt.Sprint(m.Narrowest.Places)))
}

func showStanding(e *console.Env, c admin.Cell) {
	s := c.Standing
	e.Say("isacd.cell", fmt.Sprint(c.Number), wordsOf(e, c))
	state := "isacd.cell-weak"
	switch {
	case s.Holds:
		state = "isacd.cell-holds"
	case s.Beside.Version > 0:
		state = "isacd.cell-weak-beside"
	}
	fmt.Fprintf(e.Out, "  %s\n", e.Text(state, fmt.Sprint(s.Beside.Cell), fmt.Sprint(s.Beside.Version)))
	if s.Beside.Version > 0 {
		showMargin(e, s.Beside.Margin)
	} else {
		showMargin(e, s.Margin)
	}
	fmt.Fprintf(e.Out, "  %s\n", e.Text("isacd.cell-next-"+string(s.Next)))
}

// wordsOf is what the profile says of a cell.
func wordsOf(e *console.Env, c admin.Cell) string {
	var words []string
	for _, t := range c.Says {
		words = append(words, t.In(e.Lang))
	}
	if len(words) == 0 {
		return e.Text("isacd.cell-anyone")
	}
	return strings.Join(words, e.Text("isacd.cell-and"))
}

// whoOf names who is taken away.
func whoOf(e *console.Env, l cells.Loss) string {
	switch {
	case l.Operator != "" && l.Vendor != "":
		return e.Text("isacd.loss-both", l.Operator, l.Vendor)
	case l.Operator != "":
		return e.Text("isacd.loss-operator", l.Operator)
	case l.Vendor != "":
		return e.Text("isacd.loss-vendor", l.Vendor)
	}
	return e.Text("isacd.loss-two")
}
