package office

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"isac/hub/anonymize"
	"isac/internal/metrics"
	"isac/internal/roster"
)

// Status is how the hub is, as aggregates.
type Status struct {
	Storing   bool // the streams take what is stored
	Room      bool // on the disk
	View      bool // the released view can be read
	Newest    uint64
	Policy    string // version of the anonymizer's
	Digest    string // of that policy
	Profile   string
	Rules     int    // version of the profile
	Exploited string // version of the list of exploited vulnerabilities, "" before one was imported
	Attack    string // version of an imported ATT&CK
	Partition int    // version of the cells, 0 before one was built
	Cells     int    // of that version
	Holding   int    // of them for the members of now
	Members   int
	Reachable int // of them have a credential that is good
	K         int
	Counts    metrics.Summary // since the start; what is below K is told as such
}

// Status looks at the hub of now.
func (o *Office) Status(ctx context.Context) (Status, error) {
	policy := anonymize.DefaultPolicy()
	s := Status{
		Storing: o.Bus.Ready() == nil, Room: o.Bus.Room() == nil, Policy: policy.Version, Digest: policy.Digest.String(),
		Profile: o.Profile.ID, Rules: o.Profile.Version, Exploited: o.Roster.Exploited().Version, K: o.Profile.K,
	}
	if a := o.Roster.Attack(); a != nil {
		s.Attack = a.Version
	}
	newest, err := o.Public.Newest(ctx)
	s.Newest, s.View = newest, err == nil
	list, _ := o.Roster.List()
	for _, m := range list.Members() {
		s.Members++
		if len(o.Roster.ActiveKeys(m.ID, o.Now())) > 0 {
			s.Reachable++
		}
	}
	p, ok := o.Roster.Partition()
	if ok && p.Profile == o.Profile.ID {
		s.Partition = p.Partition.Version
		standing, err := o.Roster.CheckPartition(o.Profile)
		if err != nil {
			return s, err
		}
		for _, c := range standing {
			s.Cells++
			if c.Holds {
				s.Holding++
			}
		}
	}
	s.Counts, err = o.Metrics.Summary()
	return s, err
}

// ExportActs writes every act as CSV, oldest first, and leaves an act itself.
func (o *Office) ExportActs(ctx context.Context, by string, w io.Writer) error {
	err := o.Roster.Record(ctx, roster.Act{Time: o.Now(), By: by, Verb: Exported})
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	_ = out.Write([]string{"number", "time", "by", "act", "of", "detail", "digest_of_previous"})
	for _, a := range o.Roster.Acts() {
		_ = out.Write([]string{
			strconv.Itoa(a.Number), a.Time.Format(time.RFC3339), a.By, a.Verb, plain(a.Of), plain(a.Detail), a.Previous.String(),
		})
	}
	out.Flush()
	return out.Error()
}

// plain keeps a spreadsheet from taking an id for a formula.
func plain(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r") == 0 {
		return "'" + cell
	}
	return cell
}
