package main

import (
	"context"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/intake"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
)

// reportBySpool seals a report into a folder and sends what waits there. When the hub
// can't be reached, it waits for isac watch.
func reportBySpool(ctx context.Context, e *console.Env, conn *connection, dir string, report []byte) (r intake.Receipt, sent bool, err error) {
	creds, err := readCredentials(conn.creds)
	if err != nil {
		return r, false, err
	}
	s := member.Spool{Dir: dir}
	c, down := creds.Dial(conn.url)
	if down == nil {
		defer c.Close()
		down = s.Renew(ctx, c)
	}
	if down != nil && hub.KindOf(down) != hub.Unavailable {
		return r, false, down
	}
	name, err := s.Put(creds, report)
	if err != nil {
		return r, false, err
	}
	if down == nil {
		var all []member.Sent
		all, down = s.Send(ctx, c)
		for _, one := range all {
			if one.Name == name {
				return one.Receipt, true, one.Refused
			}
		}
	}
	fmt.Fprintln(e.Err, e.Text("isac.report.waits", dir, locale.Error(e.Lang, down)))
	return r, false, nil
}

// everySpool is how often a watch looks whether something waits.
const everySpool = 10 * time.Second

// tendSpool sends what waits in the folder as long as the watch runs, and renews the
// card once an hour.
func tendSpool(ctx context.Context, e *console.Env, c *member.Conn, dir string) {
	s := member.Spool{Dir: dir}
	var renewed time.Time
	tick := time.NewTicker(everySpool)
	defer tick.Stop()
	for {
		var err error
		if time.Since(renewed) > time.Hour {
			err = s.Renew(ctx, c)
			if err == nil {
				renewed = time.Now()
			}
		}
		sent, failed := s.Send(ctx, c)
		for _, one := range sent {
			if one.Refused != nil {
				fmt.Fprintln(e.Err, e.Text("isac.watch.spool-refused", one.Name, locale.Error(e.Lang, one.Refused)))
				continue
			}
			fmt.Fprintln(e.Err, e.Text("isac.report.done", one.Receipt.Number, one.Receipt.Hour.Local().Format("2006-01-02 15:00")))
		}
		for _, err := range []error{err, failed} {
			if err != nil && hub.KindOf(err) != hub.Unavailable { // which passes
				fmt.Fprintln(e.Err, locale.Error(e.Lang, err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
