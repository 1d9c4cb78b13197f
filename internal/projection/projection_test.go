package projection_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/projection"
)

// story leaves a log with releases, a correction under way, a withdrawal and a
// recall, and stops the hub.
func story(t *testing.T) string {
	t.Helper()
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	conn := h.Dial(0)
	var last string
	for _, incident := range []string{"one", "two"} {
		if _, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], incident, "1", "91.204.7.19")); err != nil {
			t.Fatal(err)
		}
		h.Poll("the next case", func() bool {
			c := h.Case(reporter, 1)
			fresh := c.Case != last
			if fresh {
				last = c.Case
			}
			return fresh
		})
		c := h.Consent(reporter, h.Case(reporter, 1))
		h.Approve(reporter, c.Case, moderators...)
	}
	c, err := h.Desk.Case(t.Context(), reporter.Person, last)
	if err != nil {
		t.Fatal(err)
	}
	full := c.Stages[1]
	if err := h.Desk.Withdraw(t.Context(), reporter.Person, last, full.Stage, "wrong", reporter.Sign(review.ToWithdraw, full.Back)); err != nil {
		t.Fatal(err)
	}
	flash := c.Stages[0].Alert
	for _, m := range moderators[:2] {
		if err := h.Desk.Recall(t.Context(), m.Person, flash.ID, "leak", m.Sign(review.ToRecall, flash.Digest)); err != nil {
			t.Fatal(err)
		}
	}
	h.Poll("the view", func() bool {
		newest, err := h.Public.Newest(context.Background())
		return err == nil && newest == 6
	})
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return h.Folder
}

func replay(t *testing.T, l node.Log) projection.Compared {
	t.Helper()
	bus, done, err := node.OpenLog(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	c, err := projection.Replay(t.Context(), bus, l.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := done(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReplayEqualsTheLiveViewAndFindsWhatDiffers(t *testing.T) {
	dir := story(t)
	embedded := node.Log{Dir: dir}
	if c := replay(t, embedded); !c.HadView || !c.Same || c.Alerts != 6 || c.Events < 20 {
		t.Errorf("replay of an untouched folder: %+v", c)
	}
	for _, damage := range []struct{ db, change string }{
		{"public.db", "UPDATE alerts SET title_en = 'x' WHERE number = 1"},
		{"public.db", "DELETE FROM names WHERE number = 1"},
		{"public.db", "UPDATE indicators SET confidence = 1 WHERE number = 1"},
		{"public.db", "DELETE FROM entries WHERE added IN (SELECT min(added) FROM entries)"},
		{"public.db", "DELETE FROM editions"},
		{"private.db", "DELETE FROM events WHERE seq = 1"},
	} {
		if n := alter(t, filepath.Join(dir, damage.db), damage.change); n == 0 {
			t.Errorf("%s changed nothing: the test shows nothing", damage.change)
		}
		if c := replay(t, embedded); c.Same || !c.HadView {
			t.Errorf("after %s: %+v", damage.change, c)
		}
		if c := replay(t, embedded); !c.Same {
			t.Errorf("the replay didn't mend %s", damage.change)
		}
	}
	ofServer(t, filepath.Join(dir, "hub.json"))
	server, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if c := replay(t, node.Log{Dir: dir, URL: server.URL()}); !c.Same || c.Alerts != 6 {
		t.Errorf("replay of the log of a server: %+v", c)
	}
}

// ofServer makes a folder one of a hub with an external server.
func ofServer(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(data, &settings); err != nil {
		t.Fatal(err)
	}
	settings["external"] = true
	data, err = json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func alter(t *testing.T, file, change string) int64 {
	t.Helper()
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := db.Exec(change)
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
