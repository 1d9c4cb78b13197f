package anonymize

import (
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// attack reports whether the object at i is the attacker's. Nothing of an
// undecided observable goes out.
func (u *unit) attack(i int) bool { return u.graph.sideOf(i) == attackers }

// one claims one property of an attacker's observable.
func (u *unit) one(i int, o stix.Object, name string, kind hub.Kind) {
	if u.attack(i) && o.Str(name) != "" {
		u.observable(i, name, kind, o.Str(name), hub.FromObject, false)
	}
}

func address(u *unit, i int, o stix.Object) {
	kind := hub.IPv4
	if o.Type() == "ipv6-addr" {
		kind = hub.IPv6
	}
	u.one(i, o, "value", kind)
}

func domainName(u *unit, i int, o stix.Object)  { u.one(i, o, "value", hub.Domain) }
func webAddress(u *unit, i int, o stix.Object)  { u.one(i, o, "value", hub.URL) }
func mailAddress(u *unit, i int, o stix.Object) { u.one(i, o, "value", hub.Mail) }
func mailMessage(u *unit, i int, o stix.Object) { u.one(i, o, "subject", hub.MailSubject) }
func mutex(u *unit, i int, o stix.Object)       { u.one(i, o, "name", hub.Mutex) }
func directory(u *unit, i int, o stix.Object)   { u.one(i, o, "path", hub.FilePath) }

// file: hashes and name of an attacker's file, and what its name tells. Note and
// encryptor are maybe made for the victim.
func file(u *unit, i int, o stix.Object) {
	if !u.attack(i) {
		return
	}
	name := o.Str("name")
	single := u.ransom[i] || looksLikeNote(name)
	u.hashes(i, o.Obj("hashes"), "hashes.", single)
	if name == "" {
		return
	}
	u.observable(i, "name", hub.FileName, name, hub.FromObject, false)
	u.fileName(i, "name", name)
}

// fileName claims the tool that a file is called after, and the family that leaves
// such notes or extensions.
func (u *unit) fileName(i int, path, name string) {
	stem, _, _ := strings.Cut(name, ".")
	if tool, ok := u.cfg.Vocab.Canonical(hub.Tool, stem); ok && !u.cfg.Vocab.Ambiguous(hub.Tool, stem) {
		u.claim(i, path, hub.Fact{Class: hub.Tool, Value: tool})
	}
	if family, ok := u.cfg.Vocab.FamilyOfNote(name); ok {
		u.claim(i, path, hub.Fact{Class: hub.Family, Value: family, Confidence: hub.Likely})
	}
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		if family, ok := u.cfg.Vocab.FamilyOfExtension(name[dot:]); ok {
			u.claim(i, path, hub.Fact{Class: hub.Family, Value: family, Confidence: hub.Likely})
		}
	}
}

// looksLikeNote reports whether a file is called like a note to the victim.
func looksLikeNote(name string) bool {
	low := strings.ToLower(name)
	for _, ext := range []string{".txt", ".html", ".htm", ".hta", ".rtf", ".url"} {
		if strings.HasSuffix(low, ext) {
			return true
		}
	}
	return false
}

var fileHashes = map[string]hub.Kind{
	"MD5": hub.MD5, "SHA-1": hub.SHA1, "SHA-256": hub.SHA256, "SHA-512": hub.SHA512, "SSDEEP": hub.SSDEEP, "TLSH": hub.TLSH,
}

func (u *unit) hashes(i int, hashes stix.Object, prefix string, single bool) {
	for _, name := range []string{"MD5", "SHA-1", "SHA-256", "SHA-512", "SSDEEP", "TLSH"} {
		if h := hashes.Str(name); h != "" {
			u.observable(i, prefix+name, fileHashes[name], h, hub.FromObject, single)
		}
	}
}

func artifact(u *unit, i int, o stix.Object) {
	if u.attack(i) {
		u.hashes(i, o.Obj("hashes"), "hashes.", true)
	}
}

// process: a command line all of whose words are well known, else its tool; a
// service by name.
func process(u *unit, i int, o stix.Object) {
	if !u.attack(i) {
		return
	}
	if line := o.Str("command_line"); line != "" {
		u.observable(i, "command_line", hub.CommandLine, line, hub.FromObject, false)
		u.commandTool(i, "command_line", line)
	}
	if name := o.Extension("windows-service-ext").Str("service_name"); name != "" {
		u.observable(i, "extensions.windows-service-ext.service_name", hub.Service, name, hub.FromObject, false)
	}
}

// commandTool claims the tool that a command line starts.
func (u *unit) commandTool(i int, path, line string) {
	first, _, _ := strings.Cut(strings.Trim(line, `" `), " ")
	first = strings.Trim(first[strings.LastIndexAny(first, `/\`)+1:], `"`)
	stem, _, _ := strings.Cut(strings.ToLower(first), ".")
	if tool, ok := u.cfg.Vocab.Canonical(hub.Tool, stem); ok && !u.cfg.Vocab.Ambiguous(hub.Tool, stem) {
		u.claim(i, path, hub.Fact{Class: hub.Tool, Value: tool})
	}
}

func registryKey(u *unit, i int, o stix.Object) {
	u.one(i, o, "key", hub.RegistryKey)
	if !u.attack(i) {
		return
	}
	for n, v := range o.Objs("values") {
		if data := v.Str("data"); data != "" {
			u.observable(i, "values["+strconv.Itoa(n)+"].data", hub.RegistryValue, data, hub.FromObject, false)
		}
	}
}

// networkTraffic: the user agent of an attacker's request.
func networkTraffic(u *unit, i int, o stix.Object) {
	agent := o.Extension("http-request-ext").Obj("request_header").Str("User-Agent")
	if u.attack(i) && agent != "" {
		u.observable(i, "extensions.http-request-ext.request_header.User-Agent", hub.UserAgent, agent, hub.FromObject, false)
	}
}

func certificate(u *unit, i int, o stix.Object) {
	if !u.attack(i) {
		return
	}
	hashes := o.Obj("hashes")
	for name, kind := range map[string]hub.Kind{"SHA-256": hub.CertSHA256, "SHA-1": hub.CertSHA1} {
		if h := hashes.Str(name); h != "" {
			u.observable(i, "hashes."+name, kind, h, hub.FromObject, false)
		}
	}
	u.one(i, o, "serial_number", hub.CertSerial)
}

func autonomousSystem(u *unit, i int, o stix.Object) {
	if n, ok := o.Int("number"); ok && u.attack(i) {
		u.observable(i, "number", hub.AS, strconv.FormatInt(n, 10), hub.FromObject, false)
	}
}
