package conveyor_test

import (
	"fmt"
	"sync"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// Reports that come at once are stored together; each is a case of its member all
// the same, one that can't be read among them.
func TestReportsAtOnceAreACaseEach(t *testing.T) {
	h := hubtest.Start(t, 20)
	const members, each = 6, 3
	conns := make([]*member.Conn, members)
	var reporters []hubtest.Person
	for i := range conns {
		conns[i] = h.Dial(i)
		reporters = append(reporters, h.Person(i, hub.Reporter))
	}
	var work sync.WaitGroup
	var mu sync.Mutex
	receipts := map[string]int{}
	for i, conn := range conns {
		for n := range each {
			work.Go(func() {
				report := hubtest.Bundle(h.Members[i], fmt.Sprint(n), "1", attacker)
				if i == 0 && n == 0 {
					report = []byte("no bundle at all")
				}
				r, _, err := conn.Report(t.Context(), report)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("member %d: %v", i, err)
				}
				receipts[r.Number] = i
			})
		}
	}
	work.Wait()
	if len(receipts) != members*each {
		t.Fatalf("%d receipts, want %d", len(receipts), members*each)
	}
	for i, p := range reporters {
		h.Poll(fmt.Sprintf("the cases of member %d", i), func() bool {
			ids, err := h.Desk.Cases(t.Context(), p.Person)
			return err == nil && len(ids) == each
		})
	}
	for number, i := range receipts {
		if _, err := conns[i].Status(t.Context(), number); err != nil {
			t.Errorf("a receipt of member %d leads to no case: %v", i, err)
		}
	}
}
