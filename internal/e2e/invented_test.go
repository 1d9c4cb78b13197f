package e2e

import (
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"isac/hub/register"
	"isac/hub/register/synthetic"
)

// invented FILE NUMBER writes a sector list of so many invented organisations, all of
// them members.
func invented(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, !neg && len(args) == 2, "invented FILE NUMBER")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	list, err := register.New(synthetic.Register(n, 12))
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(list.Write(f))
	ts.Check(f.Close())
}
