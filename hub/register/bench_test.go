package register_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"isac/hub/register"
	"isac/internal/sample"
)

// incidentText is ordinary incident prose with a name now and then.
func incidentText(reg *register.Register, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		o := reg.All()[i*97%len(reg.All())]
		fmt.Fprintf(&b, "%d件目: 深夜、電子カルテの端末 PC-%04d がランサムウェアに感染し、VPN装置（CVE-2018-13379）から侵入された。", i, i*7%9999)
		fmt.Fprintf(&b, "The attacker moved laterally over RDP from 203.0.113.%d and ran PsExec. ", i%256)
		if i%5 == 0 {
			b.WriteString(o.NameJA + "の担当者によると、")
		}
		b.WriteString("バックアップは無事で、復旧には二週間を要した。SHA-256 は 8f14e45fceea167a5a36dedd4bea25438f14e45fceea167a5a36dedd4bea2543 である。\n")
	}
	return b.String()
}

func wholeSector(b *testing.B) *register.Register {
	b.Helper()
	reg, err := sample.Sector(sample.Whole, sample.Whole)
	if err != nil {
		b.Fatal(err)
	}
	return reg
}

func BenchmarkRead(b *testing.B) {
	data, err := sample.CSV(wholeSector(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := register.Read(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNewIndex reports what the index holds, too.
func BenchmarkNewIndex(b *testing.B) {
	reg := wholeSector(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var x *register.Index
	for b.Loop() {
		x = register.NewIndex(reg)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	needles, nodes := x.Size()
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
	b.ReportMetric(float64(needles)/float64(reg.Len()), "needles/org")
	b.ReportMetric(float64(nodes), "nodes")
}

// BenchmarkFind has the raw automaton over text folded before as its yardstick.
func BenchmarkFind(b *testing.B) {
	reg := wholeSector(b)
	x := register.NewIndex(reg)
	text := incidentText(reg, 1<<20)
	b.Run("find", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			x.Find(text)
		}
	})
	b.Run("fold", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			register.Fold(text)
		}
	})
	b.Run("automaton", func(b *testing.B) {
		folded := []byte(register.Fold(text))
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			x.Raw(folded)
		}
	})
}
