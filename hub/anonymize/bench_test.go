package anonymize

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"isac/hub/stix"
)

// report makes a Japanese report of 50 objects and about 30 KB.
func report(tb testing.TB) []byte {
	tb.Helper()
	var objects []map[string]any
	id := func(typ string, n int) string { return fmt.Sprintf("%s--%08x-1111-4222-8333-444455556666", typ, n) }
	add := func(typ string, n int, properties map[string]any) {
		o := map[string]any{"type": typ, "spec_version": "2.1", "id": id(typ, n), "created": day, "modified": day}
		for k, v := range properties {
			o[k] = v
		}
		objects = append(objects, o)
	}
	paragraph := strings.Repeat("当院の端末SV-EMR%02d（カルテ参照用）から外部への不審な通信が確認された。保守業者の接続経路を悪用された可能性が高く、"+
		"管理者権限の共有パスワードによりサーバ三百台へ展開され、ファイルが暗号化された。バックアップは削除されていた。担当は情報管理課の戸倉係長。", 2)
	add("identity", 1, map[string]any{"name": "碧沢総合病院", "identity_class": "organization"})
	add("malware", 1, map[string]any{"name": "LockBit", "is_family": true, "malware_types": []any{"ransomware"}})
	for n := range 14 {
		add("note", n, map[string]any{"content": strings.ReplaceAll(paragraph, "%02d", fmt.Sprint(n)), "object_refs": []any{id("malware", 1)}})
		add("indicator", n, map[string]any{"pattern": fmt.Sprintf("[ipv4-addr:value = '91.219.236.%d']", n+1), "pattern_type": "stix", "valid_from": day})
		add("relationship", n, map[string]any{"relationship_type": "indicates", "source_ref": id("indicator", n), "target_ref": id("malware", 1)})
	}
	for n := range 6 {
		add("incident", n, map[string]any{"name": "ランサムウェア感染", "description": strings.ReplaceAll(paragraph, "%02d", fmt.Sprint(40+n))})
	}
	data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--1", "objects": objects})
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// BenchmarkDraft anonymizes a report of 50 objects against the whole sector list,
// and says how many times the plain decoding of its JSON that takes.
func BenchmarkDraft(b *testing.B) {
	a := wholeAnonymizer(b)
	data := report(b)
	start, rounds := time.Now(), 50
	for range rounds {
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			b.Fatal(err)
		}
	}
	plain := float64(time.Since(start).Nanoseconds()) / float64(rounds)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Draft(Input{Bundle: bundle, Received: received, Random: seeded(1)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/plain, "x-plain-json")
}

// BenchmarkNew is what a start costs.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Config{})
	}
}
