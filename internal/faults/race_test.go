//go:build race

package faults_test

// buildFlags make the command as these tests are made.
var buildFlags = []string{"-race"}
