package review

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestEveryWordHasAText: people read reasons, phases and duties in both languages.
func TestEveryWordHasAText(t *testing.T) {
	var keys []string
	for _, r := range slices.Concat(DeclineReasons(), ReturnReasons(), RecuseReasons(), EmergencyReasons(), OpenReasons(), WithdrawReasons(), RecallReasons(), HoldReasons(), []string{"called", "declined"}) {
		keys = append(keys, "review.reason."+r)
	}
	phases := map[Phase]bool{"waiting": true}
	for _, m := range moves {
		for from, to := range m {
			phases[from], phases[to] = true, true
		}
	}
	for p := range phases {
		if p != Empty {
			keys = append(keys, "review.state."+string(p))
		}
	}
	for _, s := range []SeatState{Open, Agreed, Refused, SentBack} {
		keys = append(keys, "review.yours."+string(s))
	}
	for _, d := range []DutyKind{DraftLate, FlashLate, FullLate, RemindReporter, PhoneReporter, DrawModerators, RemindModerators, CallSecretariat, Publish, ReviewLate, ShredCase, DestroyLink} {
		keys = append(keys, "review.duty."+string(d))
	}
	for _, lang := range []string{"ja", "en"} {
		data, err := os.ReadFile("../../web/locale/" + lang + "/review.toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if !strings.Contains(string(data), "\n\""+k+"\" = ") {
				t.Errorf("%s has no text in %s", k, lang)
			}
		}
	}
}
