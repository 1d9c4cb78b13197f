package main

import (
	"net/netip"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/outside"
	"isac/internal/upstream"
)

// upstreamSettings is one [[upstream]].
type upstreamSettings struct {
	// Name is for people, and stands in what is passed on: "kev".
	Name string `toml:"name"`
	// Form is csaf, kev, jvn, rss, stix, or taxii for a collection of a TAXII 2.1 server.
	// Empty is what the document is.
	Form string `toml:"form"`
	// URL is the address of the document or of the collection.
	URL string `toml:"url"`
	// Folder is read in place of an address: documents (.json, .xml, .rdf) that somebody
	// drops there, which are then moved into its folders taken and refused.
	Folder string `toml:"folder"`
	// TLP is the label of what has none: clear (when empty), green, amber or amber-strict.
	TLP string `toml:"tlp"`
	// Every is how often is looked, "1h" when empty, "5m" at least.
	Every string `toml:"every"`
	// Days is how old a notice may be to be taken, 30 when 0.
	Days int `toml:"days"`
	// User and SecretFile are for HTTP Basic; a secret without a user is a bearer token.
	User       string `toml:"user"`
	SecretFile string `toml:"secret_file"`
	// Allow are ranges of the hub's own networks in which this source may be; Plain allows
	// http besides https.
	Allow []string `toml:"allow"`
	Plain bool     `toml:"plain"`
}

// upstreams reads the sources and their secrets.
func (s settings) upstreams() ([]upstream.Source, error) {
	var out []upstream.Source
	names := map[string]bool{}
	for _, u := range s.Upstream {
		bad := func(what string) error { return hub.E(hub.Invalid, "upstream.bad-source", u.Name, what) }
		src := upstream.Source{
			Name: u.Name, Form: advisory.Form(u.Form), URL: u.URL, Folder: u.Folder, TLP: hub.TLP(u.TLP), Age: time.Duration(u.Days) * 24 * time.Hour,
			User: u.User, Rule: outside.Rule{Plain: u.Plain},
		}
		if names[u.Name] {
			return nil, bad("name")
		}
		names[u.Name] = true
		if u.Every != "" {
			every, err := time.ParseDuration(u.Every)
			if err != nil || every <= 0 {
				return nil, bad("every")
			}
			src.Every = every
		}
		for _, text := range u.Allow {
			p, err := netip.ParsePrefix(text)
			if err != nil {
				return nil, bad("allow")
			}
			src.Allow = append(src.Allow, p.Masked())
		}
		secret, err := secretFile(u.SecretFile)
		if err != nil {
			return nil, bad("secret_file")
		}
		src.Secret = strings.TrimSpace(string(secret))
		err = src.Check()
		if err != nil {
			return nil, err
		}
		out = append(out, src)
	}
	return out, nil
}
