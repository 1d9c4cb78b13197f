// Command isac is the client of members and analysts: it reports incidents, shows
// beforehand what others would see, follows alerts, and lets people consent,
// review and recall. It needs no cgo and runs on Linux, macOS and Windows.
//
// It trusts the credentials file and the person at the terminal; what comes from
// the hub is verified before it is shown.
//
//	isac report incident.json --creds SYN00042.creds
//	isac watch --creds SYN00042.creds --out alerts/
package main

import (
	"os"

	"isac/internal/console"
)

var program = console.Program{
	Name: "isac",
	Commands: []console.Command{
		{Name: "report", Run: report},
		{Name: "status", Run: status},
		{Name: "preview", Run: preview},
		{Name: "draft", Run: draft},
		{Name: "watch", Run: watch},
		{Name: "service install", Run: serviceInstall},
		{Name: "service remove", Run: serviceRemove},
		{Name: "service run", Run: serviceRun},
		{Name: "verify", Run: verify},
		{Name: "ledger", Run: lookAtLedger},
		{Name: "keys", Run: followKeys},
		{Name: "picture", Run: drawPicture},
		{Name: "export sigma", Run: exportSigma},
		{Name: "export pdf", Run: exportSheet},
		{Name: "export indicators", Run: exportIndicators},
		{Name: "query alerts", Run: queryAlerts},
		{Name: "query indicators", Run: queryIndicators},
		{Name: "query related", Run: queryRelated},
		{Name: "query sector", Run: querySector},
		{Name: "check", Run: check},
		{Name: "feedback", Run: answerFeedback},
		{Name: "pulse", Run: pulse},
		{Name: "told", Run: tellings},
		{Name: "case list", Run: caseList},
		{Name: "case show", Run: caseShow},
		{Name: "case answer", Run: caseAnswer},
		{Name: "case clear", Run: caseClear},
		{Name: "case consent", Run: caseConsent},
		{Name: "case object", Run: caseObject},
		{Name: "case stand", Run: caseStand},
		{Name: "case withdraw", Run: caseWithdraw},
		{Name: "case keep", Run: caseKeep},
		{Name: "case record", Run: caseRecord},
		{Name: "review list", Run: reviewList},
		{Name: "review show", Run: reviewShow},
		{Name: "review approve", Run: reviewApprove},
		{Name: "review return", Run: reviewReturn},
		{Name: "review decline", Run: reviewDecline},
		{Name: "review leave", Run: reviewLeave},
		{Name: "review emergency", Run: reviewEmergency},
		{Name: "review withdraw", Run: reviewWithdraw},
		{Name: "review recall", Run: reviewRecall},
		{Name: "campaign list", Run: campaignList},
		{Name: "campaign propose", Run: campaignPropose},
		{Name: "advisory list", Run: advisoryList},
		{Name: "advisory show", Run: advisoryShow},
		{Name: "advisory waiting", Run: advisoryWaiting},
		{Name: "advisory approve", Run: advisoryApprove},
		{Name: "advisory decline", Run: advisoryDecline},
		{Name: "products", Run: products},
		{Name: "desk list", Run: deskList},
		{Name: "desk open", Run: deskOpen},
		{Name: "desk phone", Run: deskPhone},
		{Name: "key new", Run: keyNew},
		{Name: "terms", Run: terms},
	},
}

func main() { os.Exit(console.Main(program, os.Args[1:])) }
