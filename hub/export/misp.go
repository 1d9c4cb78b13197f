package export

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// Alert is what an event of MISP says of an alert besides its indicators.
type Alert struct {
	ID         string // UUID
	Title      string
	Published  time.Time // of its newest version
	Severity   hub.Severity
	TLP        hub.TLP
	Techniques []Technique
}

// Technique is one of ATT&CK.
type Technique struct{ ID, Name string }

// mispOrg, mispTag and so on are the core format of MISP (draft-dulaunoy-misp-core-format-16).
type mispOrg struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

type mispTag struct {
	Name string `json:"name"`
}

type mispHead struct {
	Info      string    `json:"info"`
	Date      string    `json:"date"`
	Timestamp string    `json:"timestamp"`
	Threat    string    `json:"threat_level_id"` // 1 high, 2 medium, 3 low
	Analysis  string    `json:"analysis"`        // 2: completed
	Org       mispOrg   `json:"Orgc"`
	Tags      []mispTag `json:"Tag"`
}

type mispEvent struct {
	UUID      string `json:"uuid"`
	Published bool   `json:"published"`
	mispHead
	Attributes []mispAttribute `json:"Attribute"`
}

type mispAttribute struct {
	UUID      string `json:"uuid"`
	Type      string `json:"type"`
	Category  string `json:"category"`
	Value     string `json:"value"`
	Watch     bool   `json:"to_ids"`
	Comment   string `json:"comment"`
	Timestamp string `json:"timestamp"`
	First     string `json:"first_seen"`
	// Last is where it ends to hold.
	Last string `json:"last_seen"`
}

// kind is a type of attributes and its category.
type kind struct{ name, category string }

const (
	traffic = "Network activity"
	dropped = "Artifacts dropped"
	payload = "Payload delivery"
)

var mispKinds = map[hub.Kind]kind{
	hub.IPv4: {"ip-dst", traffic}, hub.IPv6: {"ip-dst", traffic}, hub.Domain: {"domain", traffic}, hub.URL: {"url", traffic}, hub.UserAgent: {"user-agent", traffic}, hub.AS: {"AS", traffic},
	hub.Mail: {"email-src", payload}, hub.MailSubject: {"email-subject", payload},
	hub.MD5: {"md5", payload}, hub.SHA1: {"sha1", payload}, hub.SHA256: {"sha256", payload}, hub.SHA512: {"sha512", payload}, hub.SSDEEP: {"ssdeep", payload}, hub.TLSH: {"tlsh", payload},
	hub.FileName: {"filename", payload}, hub.RegistryKey: {"regkey", dropped}, hub.Mutex: {"mutex", dropped}, hub.Service: {"windows-service-name", dropped},
	hub.CertSHA256: {"x509-fingerprint-sha256", traffic}, hub.CertSHA1: {"x509-fingerprint-sha1", traffic}, hub.Pattern: {"stix2-pattern", payload},
}

func (h Head) misp(a Alert) mispHead {
	out := mispHead{
		Info: a.Title, Date: a.Published.UTC().Format(time.DateOnly), Timestamp: itoa(a.Published.Unix()), Analysis: "2", Threat: "3",
		Org:  mispOrg{nameID("organisation " + h.Hub), h.Hub},
		Tags: []mispTag{{mispTLP(a.TLP)}},
	}
	switch a.Severity {
	case hub.Critical, hub.High:
		out.Threat = "1"
	case hub.Medium:
		out.Threat = "2"
	}
	for _, t := range a.Techniques {
		out.Tags = append(out.Tags, mispTag{fmt.Sprintf("misp-galaxy:mitre-attack-pattern=%q", t.Name+" - "+t.ID)})
	}
	return out
}

// mispTLP is the label as MISP's taxonomy has it.
func mispTLP(t hub.TLP) string {
	if t == hub.TLPAmberStrict {
		return "tlp:amber+strict"
	}
	return "tlp:" + string(t)
}

func nameID(name string) string { return stix.NameID("x-misp", name)[len("x-misp--"):] }

// MISPEvent writes an alert as an event that an instance of MISP pulls from a feed.
func MISPEvent(h Head, a Alert, list []Indicator) ([]byte, error) {
	e := mispEvent{UUID: a.ID, Published: true, mispHead: h.misp(a), Attributes: []mispAttribute{}}
	for _, i := range list {
		k, ok := mispKinds[i.Kind]
		if !ok {
			k = kind{"text", "Other"}
		}
		e.Attributes = append(e.Attributes, mispAttribute{
			UUID: nameID(a.ID + " " + i.ID), Type: k.name, Category: k.category, Value: i.Value, Watch: ok, Comment: "confidence " + itoa(i.Confidence),
			Timestamp: itoa(a.Published.Unix()), First: i.From.UTC().Format(time.RFC3339), Last: i.Until.UTC().Format(time.RFC3339),
		})
	}
	return indented(map[string]mispEvent{"Event": e})
}

// MISPManifest writes the list of events of a feed.
func MISPManifest(h Head, alerts []Alert) ([]byte, error) {
	out := map[string]mispHead{}
	for _, a := range alerts {
		out[a.ID] = h.misp(a)
	}
	return indented(out)
}

// MISPHash is the line of a feed's hashes.csv for a value: an instance compares it with
// what it has before it fetches the event.
func MISPHash(value, alert string) string {
	sum := md5.Sum([]byte(value)) // what the format asks for; it protects nothing
	return hex.EncodeToString(sum[:]) + "," + alert + "\n"
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(v)
	if err != nil {
		return nil, fmt.Errorf("writing event: %w", err)
	}
	return b.Bytes(), nil
}
