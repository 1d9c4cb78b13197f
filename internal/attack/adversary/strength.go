package adversary

import (
	_ "embed"

	"github.com/BurntSushi/toml"
)

//go:embed strength.toml
var strengthTOML string

// strength is how strong the adversaries are.
var strength = mustStrength(strengthTOML)

type strengths struct {
	Direct struct {
		Depth    int      `toml:"depth"`
		Decoders []string `toml:"decoders"`
		Probes   []probe  `toml:"probes"`
	} `toml:"direct"`
	Linkage struct {
		Needs []struct {
			Impact    string   `toml:"impact"`
			Functions []string `toml:"functions"`
		} `toml:"needs"`
	} `toml:"linkage"`
	News struct {
		WindowDays   float64 `toml:"window_days"`
		MeanLagDays  float64 `toml:"mean_lag_days"`
		Both         float64 `toml:"both"`
		OnlyNews     float64 `toml:"only_news"`
		OnlyAlert    float64 `toml:"only_alert"`
		OtherQuarter float64 `toml:"other_quarter"`
		Silent       float64 `toml:"silent"`
	} `toml:"news"`
	Scan struct {
		Techniques []string `toml:"techniques"`
		InNews     float64  `toml:"in_news"`
	} `toml:"scan"`
	Dictionary struct {
		Namespaces []string `toml:"namespaces"`
		Hashes     []string `toml:"hashes"`
		Fields     []string `toml:"fields"`
		Forms      []string `toml:"forms"`
	} `toml:"dictionary"`
	Side struct {
		Features  []string `toml:"features"`
		Neighbors int      `toml:"neighbors"`
	} `toml:"side"`
}

// probe is something hidden that the direct search must find.
type probe struct {
	Kind   string `toml:"kind"`
	Value  string `toml:"value"`
	Hidden string `toml:"hidden"`
}

func mustStrength(text string) strengths {
	var s strengths
	meta, err := toml.Decode(text, &s)
	if err != nil || len(meta.Undecoded()) > 0 {
		panic("the built-in strengths of adversaries are not readable") // a constant, proved by a test
	}
	return s
}
