package roster_test

import (
	"bytes"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/natsbus"
	"isac/internal/roster"
)

func open(t *testing.T, bus *natsbus.Bus) *roster.Roster {
	t.Helper()
	r, err := roster.Open(t.Context(), bus)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sectorList(t *testing.T) []byte {
	t.Helper()
	list, err := register.New(synthetic.Register(400, 12))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	return csv.Bytes()
}

func TestPartitionIsAChainInTheLog(t *testing.T) {
	bus, err := natsbus.Start(t.Context(), natsbus.Options{Dir: t.TempDir(), Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	r, p := open(t, bus), profile.HealthcareJP()
	if err := r.Import(t.Context(), sectorList(t)); err != nil {
		t.Fatal(err)
	}
	other := open(t, bus) // another node, which knows of no version
	for _, want := range []bool{true, false} {
		built, err := r.BuildPartition(t.Context(), p)
		if err != nil || built != want {
			t.Fatalf("built %v, %v; want %v", built, err, want)
		}
	}
	if _, err := other.BuildPartition(t.Context(), p); hub.KindOf(err) != hub.Conflict {
		t.Errorf("another first version: %v, want a conflict", err)
	}
	if _, err := r.BuildPartition(t.Context(), profile.LocalGovernmentJP()); hub.KindOf(err) != hub.Conflict {
		t.Errorf("another profile: %v, want a conflict", err)
	}
	again := open(t, bus)
	told := 0
	list, _ := r.List()
	for _, m := range list.Members() {
		cell := r.CellOf(m.ID, p)
		if cell != again.CellOf(m.ID, p) {
			t.Errorf("after a restart %s is in another cell", m.ID)
		}
		if r.CellOf(m.ID, profile.LocalGovernmentJP()) != "" {
			t.Error("a cell in another sector's words")
		}
		if cell != "" {
			told++
		}
	}
	if told == 0 {
		t.Error("nothing is told of anybody")
	}
	first, err := bus.Last(t.Context(), natsbus.Register, "register.partition.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bus.Append(t.Context(), "register.partition.2", 0, nil, first.Data); err != nil {
		t.Fatal(err)
	}
	if _, err := roster.Open(t.Context(), bus); err == nil {
		t.Error("a version that doesn't follow from the one before is taken")
	}
}
