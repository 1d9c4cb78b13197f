// Command isacd is the hub: it receives reports over NATS, anonymizes, lets people
// decide, and releases alerts. It also holds the operator's tools.
//
// It trusts its data folder and its operator, and nothing that comes from outside.
//
//	isacd demo
//	isacd serve --data /var/lib/isac --listen :8443
package main

import (
	"os"

	"isac/internal/console"
)

var program = console.Program{
	Name:     "isacd",
	Operator: true,
	Commands: []console.Command{
		{Name: "demo", Run: runDemo},
		{Name: "exercise", Run: runExercise},
		{Name: "serve", Run: serve},
		{Name: "validate", Run: validateFiles},
		{Name: "anonymize", Run: anonymizeReport},
		{Name: "member import", Run: memberImport},
		{Name: "member list", Run: memberList},
		{Name: "member credentials", Run: memberCredentials},
		{Name: "member revoke", Run: memberRevoke},
		{Name: "member card", Run: memberCard},
		{Name: "member uncard", Run: memberUncard},
		{Name: "person add", Run: personAdd},
		{Name: "person invite", Run: personInvite},
		{Name: "person remove", Run: personRemove},
		{Name: "terms", Run: termsSet},
		{Name: "keys show", Run: keysShow},
		{Name: "keys rotate", Run: keysRotate},
		{Name: "attack-data import", Run: attackDataImport},
		{Name: "attack-data unfixed", Run: attackDataUnfixed},
		{Name: "analysis write", Run: analysisWrite},
		{Name: "analysis check", Run: analysisCheck},
		{Name: "shelf write", Run: shelfWrite},
		{Name: "pulse export", Run: pulseExport},
		{Name: "partition build", Run: partitionBuild},
		{Name: "partition show", Run: partitionShow},
		{Name: "partition check", Run: partitionCheck},
		{Name: "nats config", Run: natsConfig},
		{Name: "mail test", Run: mailTest},
		{Name: "replay", Run: replay},
		{Name: "backup", Run: backupTake},
		{Name: "backup keys", Run: backupKeys},
		{Name: "backup identity", Run: backupIdentity},
		{Name: "verify-backup", Run: backupVerify},
		{Name: "restore", Run: restore},
		{Name: "migrate", Run: migrate},
		{Name: "doctor", Run: runDoctor},
		{Name: "bench", Run: runBench},
		{Name: "attack", Run: attackSuite},
		{Name: "quality", Run: runQuality},
	},
}

func main() { os.Exit(console.Main(program, os.Args[1:])) }
