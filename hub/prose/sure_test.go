package prose

import (
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// TestHowSure: the words people use to say how sure they are, around one statement.
func TestHowSure(t *testing.T) {
	x := New(vocab.Default(profile.HealthcareJP()))
	for want, lines := range map[hub.Confidence]string{
		hub.Likely: `
VPN装置から侵入されたのではないかと考えている。
VPN装置から侵入されたものと思料される。
VPN装置から侵入された公算が大きい。
VPN装置から侵入された疑いが強い。
VPN装置からの侵入と推測。
VPN装置から侵入されたことがほぼ確実である。
たぶんVPN装置から侵入された。
VPN装置から侵入されたっぽい。
VPN装置から侵入されたんだと思います。
We think the attackers came in through the VPN appliance.
It looks as if the attackers came in through the VPN appliance.
In all likelihood the attackers came in through the VPN appliance.
Our best guess is that the attackers came in through the VPN appliance.
The attackers almost certainly came in through the VPN appliance.
Apparently the attackers came in through the VPN appliance.
We assume the attackers came in through the VPN appliance.
There are signs that the attackers came in through the VPN appliance.
The VPN appliance is the presumed way in of the attackers.`,
		hub.Possible: `
VPN装置から侵入されたかもしれない。
VPN装置から侵入された可能性を排除できない。
VPN装置から侵入された可能性も捨てきれない。
VPN装置から侵入されたと聞いている。
It can't be excluded that the attackers came in through the VPN appliance.
We can't rule out that the attackers came in through the VPN appliance.
The attackers reportedly came in through the VPN appliance.
The attackers are said to have come in through the VPN appliance.
There is a fair chance that the attackers came in through the VPN appliance.`,
		hub.Confirmed: `
VPN装置から侵入されたことを確認した。
VPN装置から侵入されたと断定した。
On 3 May the attackers came in through the VPN appliance.
We are sure that the attackers came in through the VPN appliance.`,
	} {
		for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
			got := hub.Confidence("nothing")
			for _, f := range x.Extract(line, "") {
				if f.Fact.Key() == "route:vpn-appliance" {
					got = f.Fact.Confidence
				}
			}
			if got != want {
				t.Errorf("%s, not %s: %s", got, want, line)
			}
		}
	}
}
