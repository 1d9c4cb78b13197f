//go:build race

package e2e

func init() { hubFlags = append(hubFlags, "-race") }
