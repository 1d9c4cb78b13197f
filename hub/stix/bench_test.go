package stix

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// report makes a bundle of n objects in the shape and size (about 600 bytes an
// object) of common published ones.
func report(n int) []byte {
	var b strings.Builder
	b.WriteString(`{"type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"indicator","spec_version":"2.1","id":"indicator--%08x-0000-4000-8000-000000000000",`+
			`"created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"サーバ %d","description":"VPN 装置から侵入し、\n`+
			`リモートデスクトップで横展開した。","confidence":%d,"indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '198.51.100.%d']",`+
			`"pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z","kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"initial-access"}],`+
			`"external_references":[{"source_name":"cve","external_id":"CVE-2018-%d"}],"revoked":false}`, i, i, i%100, i%256, 10000+i)
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

// BenchmarkDecode compares with the floor, encoding/json into any.
func BenchmarkDecode(b *testing.B) {
	data := report(1000)
	b.Run("strict", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode(data, Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
