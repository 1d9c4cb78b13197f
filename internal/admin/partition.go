package admin

import (
	"context"

	"isac/hub"
	"isac/hub/cells"
	"isac/hub/profile"
	"isac/internal/node"
	"isac/internal/roster"
)

// Partition is the newest version of the partition of members, explained.
type Partition struct {
	Version        int    `json:"version"`
	Profile        string `json:"profile"`
	ProfileVersion int    `json:"profile_version"`
	K              int    `json:"k"`      // the bound: members that must remain
	Spread         int    `json:"spread"` // prefectures that must remain
	Members        int    `json:"members"`
	Told           int    `json:"told"`  // of how many of them something is told
	Built          bool   `json:"built"` // now; false where it was there
	Cells          []Cell `json:"cells"` // those that members can be in
}

// Cell is one cell, with what may be told of it and why.
type Cell struct {
	Number   int             `json:"number"`
	From     int             `json:"from,omitempty"`       // the cell that it was a part of
	By       string          `json:"divided_by,omitempty"` // the attribute by which that was divided
	Rest     bool            `json:"rest,omitempty"`       // of what was left over there
	Says     []hub.Text      `json:"says"`                 // in the words of the profile
	Told     bool            `json:"told"`                 // alerts may name it
	Silent   bool            `json:"silent,omitempty"`     // too small, by itself or beside what was told before
	Members  []string        `json:"members"`              // ids
	Margin   cells.Margin    `json:"margin"`               // at the time of the build
	Standing *cells.Standing `json:"standing,omitempty"`   // today, of a check
}

// partition carries out the operations on the partition.
func partition(ctx context.Context, n *node.Node, op string) (Reply, error) {
	built := false
	if op == "partition-build" {
		var err error
		built, err = n.Roster.BuildPartition(ctx, n.Profile)
		if err != nil {
			return Reply{}, err
		}
	}
	stored, ok := n.Roster.Partition()
	if !ok {
		return Reply{}, hub.E(hub.NotFound, "isacd.no-partition")
	}
	if stored.Profile != n.Profile.ID {
		return Reply{}, hub.E(hub.Conflict, "isacd.partition-of-another", stored.Profile, n.Profile.ID)
	}
	out := explain(stored, n.Profile)
	out.Built = built
	if op != "partition-check" {
		return Reply{Partition: &out}, nil
	}
	standing, err := n.Roster.CheckPartition(n.Profile)
	if err != nil {
		return Reply{}, err
	}
	for i, c := range out.Cells {
		for j, s := range standing {
			if s.Cell == c.Number {
				out.Cells[i].Standing = &standing[j]
			}
		}
	}
	return Reply{Partition: &out}, nil
}

func explain(p roster.Partition, words *profile.Profile) Partition {
	out := Partition{
		Version: p.Partition.Version, Profile: p.Profile, ProfileVersion: p.ProfileVersion, K: p.K, Spread: p.Spread,
		Members: len(p.Partition.Active), Cells: []Cell{},
	}
	byID := map[string]cells.Member{}
	for _, m := range p.Partition.Active {
		byID[m.ID] = m
	}
	for _, c := range p.Partition.Cells {
		if c.Split != "" {
			continue
		}
		var set []cells.Member
		for _, id := range c.Members {
			set = append(set, byID[id])
		}
		cell := Cell{
			Number: c.Number, From: c.From, Rest: c.Rest, Says: words.Described(c.Value(words)), Silent: c.Silent,
			Told: !c.Silent && len(c.Says) > 0 && len(c.Members) > 0, Members: c.Members, Margin: cells.MarginOf(set),
		}
		if c.From > 0 {
			cell.By = p.Partition.Cells[c.From-1].Split
		}
		if cell.Told {
			out.Told += len(c.Members)
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}
