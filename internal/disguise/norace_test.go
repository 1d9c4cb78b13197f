//go:build !race

package disguise_test

const raceEnabled = false
