// Package e2e drives the real commands, isacd and isac, as a new user would whom
// the README tells what to do. It holds no code of the hub: only tests, one script
// a chapter in testdata, each with a sentence why. So what the README says is
// proven, on real processes, real NATS and real files.
//
// It trusts the binaries that it builds first, and nothing of what they print.
//
//	go test ./internal/e2e -run TestScripts/run-for-real
package e2e
