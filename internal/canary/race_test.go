//go:build race

package canary_test

func init() { buildFlags = []string{"-race"} }
