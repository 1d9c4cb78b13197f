package sample

import (
	"fmt"
	"math/rand/v2"

	"isac/hub/stix"
)

// MixedObjects is how many objects each bundle of Mixed has.
const MixedObjects = 50

// Mixed makes n valid bundles of fifty objects as tools exchange them: half of them
// relationships, the rest indicators, techniques and observables.
func Mixed(n int) ([][]byte, error) {
	out := make([][]byte, n)
	for i := range out {
		g := mixer{bundle: bundle{key: fmt.Sprint("mixed ", i)}, r: rand.New(rand.NewPCG(4, uint64(i)))}
		var err error
		out[i], err = g.mix()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

type mixer struct {
	bundle
	r *rand.Rand
}

func (g *mixer) mix() ([]byte, error) {
	author := g.put("identity", stix.Object{"name": g.words(2), "identity_class": "organization", "sectors": []any{"energy"}})
	incident := g.put("incident", stix.Object{"name": g.words(4), "description": g.words(40)})
	var targets, sources []any
	for range 5 {
		targets = append(targets, g.put("attack-pattern", stix.Object{
			"name": g.words(3), "kill_chain_phases": []any{stix.Object{"kill_chain_name": "mitre-attack", "phase_name": "execution"}},
			"external_references": []any{stix.Object{"source_name": "mitre-attack", "external_id": "T1059", "url": "https://attack.example/T1059"}},
		}))
		sources = append(sources, g.put("indicator", stix.Object{
			"name": g.words(3), "pattern": fmt.Sprintf("[ipv4-addr:value = '100.64.%d.%d']", g.r.IntN(256), g.r.IntN(256)), "pattern_type": "stix",
			"valid_from": "2031-05-01T00:00:00Z", "valid_until": "2031-06-01T00:00:00Z", "indicator_types": []any{"malicious-activity"},
		}))
	}
	targets = append(targets, g.put("malware", stix.Object{"name": g.words(1), "is_family": true, "malware_types": []any{"ransomware"}}))
	seen := g.observables()
	g.put("observed-data", stix.Object{
		"first_observed": "2031-05-01T00:00:00Z", "last_observed": "2031-05-02T00:00:00Z", "number_observed": 3, "object_refs": seen,
	})
	for len(g.objects) < MixedObjects-1 {
		g.put("relationship", stix.Object{
			"relationship_type": "indicates", "source_ref": sources[g.r.IntN(len(sources))], "target_ref": targets[g.r.IntN(len(targets))],
			"created_by_ref": author, "confidence": g.r.IntN(101), "description": g.words(12),
		})
	}
	g.put("report", stix.Object{
		"name": g.words(5), "published": "2031-05-03T00:00:00Z", "object_refs": append(append([]any{incident}, targets...), seen...),
	})
	return g.marshal()
}

func (g *mixer) observables() []any {
	hash := fmt.Sprintf("%016x%016x%016x%016x", g.r.Uint64(), g.r.Uint64(), g.r.Uint64(), g.r.Uint64())
	file := g.observe("file", stix.Object{"name": g.words(1) + ".dll", "size": g.r.IntN(1 << 20), "hashes": stix.Object{"SHA-256": hash}})
	addr := g.observe("ipv4-addr", stix.Object{"value": fmt.Sprintf("100.65.%d.%d", g.r.IntN(256), g.r.IntN(256))})
	return []any{
		file, addr,
		g.observe("domain-name", stix.Object{"value": g.words(1) + ".example"}),
		g.observe("url", stix.Object{"value": "https://" + g.words(1) + ".example/a?b=c"}),
		g.observe("network-traffic", stix.Object{"dst_ref": addr, "dst_port": 443, "protocols": []any{"ipv4", "tcp"}}),
		g.observe("process", stix.Object{"command_line": g.words(4), "image_ref": file}),
		g.observe("user-account", stix.Object{"account_login": g.words(1), "is_privileged": true}),
	}
}

// put adds a domain object or relationship.
func (g *mixer) put(typ string, properties stix.Object) string {
	return g.add(typ, len(g.objects), properties)
}

// observe adds an observable, which has no times.
func (g *mixer) observe(typ string, properties stix.Object) string {
	id := g.put(typ, properties)
	o := g.objects[len(g.objects)-1].(stix.Object)
	delete(o, "created")
	delete(o, "modified")
	return id
}

func (g *mixer) words(n int) string {
	syllables := []string{"ka", "ri", "to", "mo", "ne", "shi", "ru", "wa"}
	out := ""
	for i := range n * 3 {
		if i > 0 && i%3 == 0 {
			out += " "
		}
		out += syllables[g.r.IntN(len(syllables))]
	}
	return out
}
