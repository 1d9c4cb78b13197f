package validate_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"isac/hub/stix"
)

// BenchmarkValidate checks bundles of fifty mixed objects (strict reading, schemas
// and all rules) and reports its speed as a ratio to encoding/json decoding the
// same bytes in the same run.
func BenchmarkValidate(b *testing.B) {
	v := validator(b)
	bundles := mixedBundles(20)
	size := 0
	for _, data := range bundles {
		problems, err := v.Document(data)
		if err != nil || len(problems) > 0 {
			b.Fatalf("the generated bundle isn't valid: %v %v", err, problems)
		}
		size += len(data)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, data := range bundles {
			_, err := v.Document(data)
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	validating := b.Elapsed() / time.Duration(b.N)
	decoding := decodingTime(b, bundles)
	b.ReportMetric(float64(decoding)/float64(validating), "ratio")
	b.ReportMetric(float64(len(bundles)*50)/validating.Seconds(), "objects/s")
}

// decodingTime is what encoding/json needs for all bundles, the mean of many rounds.
func decodingTime(b *testing.B, bundles [][]byte) time.Duration {
	const rounds = 50
	start := time.Now()
	for range rounds {
		for _, data := range bundles {
			var tree any
			if err := json.Unmarshal(data, &tree); err != nil {
				b.Fatal(err)
			}
		}
	}
	return time.Since(start) / rounds
}

func mixedBundles(n int) [][]byte {
	r := rand.New(rand.NewPCG(4, 9))
	out := make([][]byte, n)
	for i := range out {
		g := generator{r: r}
		data, err := json.Marshal(g.bundle())
		if err != nil {
			panic(err)
		}
		out[i] = data
	}
	return out
}

// generator makes valid bundles: half of them relationships, as in what tools
// exchange.
type generator struct {
	r       *rand.Rand
	objects []any
}

func (g *generator) bundle() map[string]any {
	author := g.add("identity", map[string]any{"name": g.words(2), "identity_class": "organization", "sectors": []string{"energy"}})
	incident := g.add("incident", map[string]any{"name": g.words(4), "description": g.words(40)})
	var targets, sources []string
	for range 5 {
		targets = append(targets, g.add("attack-pattern", map[string]any{
			"name": g.words(3), "kill_chain_phases": []any{map[string]any{"kill_chain_name": "mitre-attack", "phase_name": "execution"}},
			"external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": "T1059", "url": "https://attack.example/T1059"}},
		}))
		sources = append(sources, g.add("indicator", map[string]any{
			"name": g.words(3), "pattern": fmt.Sprintf("[ipv4-addr:value = '100.64.%d.%d']", g.r.IntN(256), g.r.IntN(256)), "pattern_type": "stix",
			"valid_from": "2031-05-01T00:00:00Z", "valid_until": "2031-06-01T00:00:00Z", "indicator_types": []string{"malicious-activity"},
		}))
	}
	targets = append(targets, g.add("malware", map[string]any{"name": g.words(1), "is_family": true, "malware_types": []string{"ransomware"}}))
	seen := g.observables()
	g.add("observed-data", map[string]any{
		"first_observed": "2031-05-01T00:00:00Z", "last_observed": "2031-05-02T00:00:00Z", "number_observed": 3, "object_refs": seen,
	})
	for len(g.objects) < 49 {
		g.add("relationship", map[string]any{
			"relationship_type": "indicates", "source_ref": sources[g.r.IntN(len(sources))], "target_ref": targets[g.r.IntN(len(targets))],
			"created_by_ref": author, "confidence": g.r.IntN(101), "description": g.words(12),
		})
	}
	g.add("report", map[string]any{
		"name": g.words(5), "published": "2031-05-03T00:00:00Z", "object_refs": append(append([]string{incident}, targets...), seen...),
	})
	return map[string]any{"type": "bundle", "id": g.id("bundle"), "objects": g.objects}
}

func (g *generator) observables() []string {
	hash := fmt.Sprintf("%016x%016x%016x%016x", g.r.Uint64(), g.r.Uint64(), g.r.Uint64(), g.r.Uint64())
	file := g.observe("file", map[string]any{"name": g.words(1) + ".dll", "size": g.r.IntN(1 << 20), "hashes": map[string]any{"SHA-256": hash}})
	addr := g.observe("ipv4-addr", map[string]any{"value": fmt.Sprintf("100.65.%d.%d", g.r.IntN(256), g.r.IntN(256))})
	return []string{
		file, addr,
		g.observe("domain-name", map[string]any{"value": g.words(1) + ".example"}),
		g.observe("url", map[string]any{"value": "https://" + g.words(1) + ".example/a?b=c"}),
		g.observe("network-traffic", map[string]any{"dst_ref": addr, "dst_port": 443, "protocols": []string{"ipv4", "tcp"}}),
		g.observe("process", map[string]any{"command_line": g.words(4), "image_ref": file}),
		g.observe("user-account", map[string]any{"account_login": g.words(1), "is_privileged": true}),
	}
}

func (g *generator) add(typ string, o map[string]any) string {
	o["type"], o["spec_version"], o["id"] = typ, "2.1", g.id(typ)
	o["created"], o["modified"] = "2031-05-01T10:20:30.400Z", "2031-05-02T10:20:30.400Z"
	g.objects = append(g.objects, o)
	return o["id"].(string)
}

func (g *generator) observe(typ string, o map[string]any) string {
	o["type"], o["spec_version"], o["id"] = typ, "2.1", g.id(typ)
	g.objects = append(g.objects, o)
	return o["id"].(string)
}

func (g *generator) id(typ string) string {
	var random [16]byte
	for i := range random {
		random[i] = byte(g.r.Uint32())
	}
	return stix.NewID(typ, random)
}

func (g *generator) words(n int) string {
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
