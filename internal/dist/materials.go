package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
)

// bom is a bill of materials in the form of CycloneDX 1.6, as far as it is filled in. It
// has no time and no random serial number: the same program has the same bill.
type bom struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
	Hashes  []sum  `json:"hashes,omitempty"`
}

type sum struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

// materials lists what a built program is made of, as it says itself: its modules and Go.
// The SQLite in it is what the module go-sqlite3 brings as source.
func materials(program []byte, version string) ([]byte, error) {
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	return bill(info, version)
}

// bill writes down what a program says of itself.
func bill(info *debug.BuildInfo, version string) ([]byte, error) {
	b := bom{Format: "CycloneDX", Spec: "1.6", Version: 1}
	b.Metadata.Component = component{Type: "application", Ref: "isacd", Name: "isacd", Version: version}
	b.Components = append(b.Components, component{Type: "platform", Ref: "go", Name: "go", Version: strings.TrimPrefix(info.GoVersion, "go"), PURL: "pkg:generic/go@" + strings.TrimPrefix(info.GoVersion, "go")})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		b.Components = append(b.Components, ofModule(m))
	}
	return json.MarshalIndent(b, "", " ")
}

// ofModule describes a module. Its hash is that of go.sum (h1), which is a SHA-256.
func ofModule(m *debug.Module) component {
	url := "pkg:golang/" + m.Path + "@" + m.Version
	c := component{Type: "library", Ref: url, Name: m.Path, Version: m.Version, PURL: url}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
	if err == nil && len(raw) == 32 {
		c.Hashes = []sum{{"SHA-256", hex.EncodeToString(raw)}}
	}
	return c
}
