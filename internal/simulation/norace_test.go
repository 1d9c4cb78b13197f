//go:build !race

package simulation

// few is how many schedules a run of all tests takes.
const few = 1000
