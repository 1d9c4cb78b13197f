package stix

// scoNamespace is the namespace that STIX 2.1 (section 2.9) sets for the ids of
// SCOs: 00abedb4-aa42-466c-9c01-fed23315a9b7.
var scoNamespace = [16]byte{
	0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7,
}

// contributing lists the id-contributing properties of each SCO type (STIX 2.1,
// section 6). A process has none: its ids are random.
var contributing = map[string][]string{
	"artifact":             {"hashes", "payload_bin"},
	"autonomous-system":    {"number"},
	"directory":            {"path"},
	"domain-name":          {"value"},
	"email-addr":           {"value"},
	"email-message":        {"from_ref", "subject", "body"},
	"file":                 {"hashes", "name", "parent_directory_ref", "extensions"},
	"ipv4-addr":            {"value"},
	"ipv6-addr":            {"value"},
	"mac-addr":             {"value"},
	"mutex":                {"name"},
	"network-traffic":      {"start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"},
	"process":              {},
	"software":             {"name", "cpe", "swid", "vendor", "version"},
	"url":                  {"value"},
	"user-account":         {"account_type", "user_id", "account_login"},
	"windows-registry-key": {"key", "values"},
	"x509-certificate":     {"hashes", "serial_number"},
}

// SCOID returns the deterministic id of a cyber-observable object: a UUIDv5 over
// the canonical JSON (RFC 8785) of its id-contributing properties. It is false
// where the type has none, the object has none of them, or one cannot be written;
// such an object gets a random id. References count as they stand, so what an
// object refers to needs its new id first.
func SCOID(o Object) (string, bool) {
	content := make(Object)
	for _, name := range contributing[o.Type()] {
		if v, ok := o[name]; ok {
			content[name] = v
		}
	}
	if hashes, ok := AsObject(content["hashes"]); ok {
		content["hashes"] = preferredHash(hashes)
	}
	if len(content) == 0 {
		return "", false
	}
	name, err := Marshal(content)
	if err != nil {
		return "", false
	}
	return ID{o.Type(), uuidV5(scoNamespace, string(name))}.String(), true
}

// preferredHash keeps the one hash that counts: the first present of the
// standard's order, otherwise the one whose name sorts first.
func preferredHash(hashes Object) Object {
	for _, name := range []string{"MD5", "SHA-1", "SHA-256", "SHA-512"} {
		if v, ok := hashes[name]; ok {
			return Object{name: v}
		}
	}
	first := ""
	for name := range hashes {
		if first == "" || compareUTF16(name, first) < 0 {
			first = name
		}
	}
	if first == "" {
		return hashes
	}
	return Object{first: hashes[first]}
}
