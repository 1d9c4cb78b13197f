// Package faults holds the tests of what goes wrong: hostile and broken reports,
// people and machines that ask for what isn't theirs, full and read-only disks, ports
// in use, the hub killed at random moments under load, its power cut, clocks that jump,
// networks that carry one way. What must hold in each: a clear answer, nothing lost that
// was confirmed, nobody let in. TRIED.md lists them.
//
// Everything is real: a node in this process (internal/hubtest), or the command isacd,
// built once for a run and with the race detector when the tests have it. Tests of
// disks mount in a namespace of their own; where that isn't allowed they are skipped
// by name, unless ISAC_MOUNTS=required. ISAC_KILLS sets how often the hub is killed,
// ISAC_CUTS how often its power is cut (recorded by strace, of Debian's package),
// ISAC_SEED repeats the moments of a run that was told its seed.
//
//	ISAC_KILLS=100 go test -run Kill -v ./internal/faults
package faults
