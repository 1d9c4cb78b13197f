package release_test

import (
	"fmt"

	"isac/hub"
)

// example is an incident through a contractor's VPN appliance.
func example() []hub.Fact {
	var facts []hub.Fact
	add := func(class hub.Class, c hub.Confidence, values ...string) {
		for _, v := range values {
			facts = append(facts, hub.Fact{Class: class, Value: v, Confidence: c, Source: hub.FromObject})
		}
	}
	add(hub.Route, hub.Likely, "vpn-appliance", "contractor-link")
	add(hub.Weakness, hub.Confirmed, "unpatched-device", "standing-connection", "open-rdp", "shared-admin-password")
	add(hub.Technique, hub.Confirmed, "T1190", "T1133", "T1199", "T1021.001", "T1003", "T1562.001", "T1486")
	add(hub.CVE, hub.Likely, "CVE-2018-13379")
	add(hub.Product, hub.Likely, "fortinet-fortios")
	add(hub.Family, hub.Confirmed, "LockBit")
	add(hub.Tool, hub.Confirmed, "Mimikatz", "PsExec")
	add(hub.Impact, hub.Confirmed, "files-encrypted", "records-system-down", "backup-survived")
	add(hub.Quarter, hub.Confirmed, "2025-Q4")
	for i, f := range facts {
		if f.Class == hub.Technique {
			facts[i].Step = i
		}
	}
	return append(facts, indicators(6)...)
}

// indicators makes n of several kinds that belong to nobody of the sector.
func indicators(n int) []hub.Fact {
	var facts []hub.Fact
	for i := range n {
		sum := hub.Sum(fmt.Append(nil, i)).String()
		f := hub.Fact{Class: hub.Indicator, Confidence: hub.Confirmed, Source: hub.FromObject}
		switch i % 4 {
		case 0:
			f.Kind, f.Value = hub.IPv4, fmt.Sprintf("91.219.%d.%d", 1+i/250%200, 1+i%250)
		case 1:
			f.Kind, f.Value = hub.Domain, "cdn-"+sum[:10]+".top"
		case 2:
			f.Kind, f.Value = hub.SHA256, sum
		case 3:
			f.Kind, f.Value = hub.URL, "http://update-"+sum[:8]+".xyz/a/b.php"
		}
		facts = append(facts, f)
	}
	return facts
}
