package stix

import "testing"

// The ids were computed outside this package: uuid5 of the standard's namespace
// over the canonical JSON, written by hand from section 2.9 and the id-contributing
// properties of section 6.
func TestSCOID(t *testing.T) {
	cases := []struct{ why, object, want string }{
		{"one value", `{"type":"ipv4-addr","value":"198.51.100.3"}`, "28bb3599-77cd-5a82-a950-b5bc3caf07c4"},
		{"the vector that public documents give", `{"type":"domain-name","value":"example.com"}`, "bedb4899-d24b-5401-bc86-8f6b4cc18ec7"},
		{"own id and other properties do not count", `{"type":"domain-name","id":"domain-name--x","defanged":true,"value":"example.com"}`, "bedb4899-d24b-5401-bc86-8f6b4cc18ec7"},
		{"two properties in sorted order", `{"type":"file","size":5,"name":"foo.dll","hashes":{"SHA-256":"fe90a7e910cb3a4739bed9180e807e93fa70c90f25a8915476f5e4bfbac681db"}}`, "949eb97a-da1e-5292-8959-03c4249dc9f3"},
		{"of several hashes MD5 alone", `{"type":"file","hashes":{"SHA-256":"aa","MD5":"d41d8cd98f00b204e9800998ecf8427e","SHA-1":"bb"}}`, "02fff920-f614-527c-81d1-6353633a6d21"},
		{"a number", `{"type":"autonomous-system","number":15139}`, "3aa27478-50b5-5ab8-9da9-cdc12b657fff"},
		{"no HTML escaping, no ASCII escaping", `{"type":"url","value":"https://example.com/a?b=<c>&d=é"}`, "c9e6eaf2-088f-50a0-acdd-a84700a30130"},
		{"Japanese and a reference", `{"type":"email-message","is_multipart":false,"from_ref":"email-addr--2d77a846-6264-5d51-b586-e43822ea1ea3","subject":"\u8acb求書"}`, "3e304d66-ba54-5f03-b47f-1c360b5eed58"},
		{"ports and a list", `{"type":"network-traffic","protocols":["tcp"],"src_port":443,"dst_ref":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","src_byte_count":3}`, "a99724d4-bf54-589d-9055-6d1d5986e70b"},
		{"list of objects and control characters", `{"type":"windows-registry-key","values":[{"name":"a","data":"b\n","data_type":"REG_SZ"}],"key":"HKEY_LOCAL_MACHINE\\Software\\X"}`, "00f8744a-a5be-5254-a472-10e69ad56a2e"},
		{"account", `{"type":"user-account","account_type":"unix","account_login":"bob","display_name":"B"}`, "e5deefae-3fc2-510b-a9ee-b23cab576007"},
		{"software", `{"type":"software","name":"Word","vendor":"Microsoft","languages":["en"]}`, "e7fe4452-5d58-52cf-864e-3642b52c1eb7"},
		{"certificate", `{"type":"x509-certificate","serial_number":"36:f7:d4","version":"3"}`, "8c21b4b7-94fe-55e6-8a39-7ad008e784b2"},
		{"mutex", `{"type":"mutex","name":"__CLEANSWEEP__"}`, "f93fe911-e545-5239-b9b0-597840d0c871"},
		{"mail address", `{"type":"email-addr","value":"john@example.com","display_name":"J"}`, "7165e2a9-671f-585d-b1e1-ca59c671d934"},
		{"backslashes", `{"type":"directory","path":"C:\\Windows\\System32"}`, "0a58d0c1-59e6-5afd-8252-dcd3f13e5622"},
		{"mac address", `{"type":"mac-addr","value":"d2:fb:49:24:37:18"}`, "757b1725-9903-54f5-a855-1240691d7659"},
		{"long IPv6 stays as it is written", `{"type":"ipv6-addr","value":"2001:0db8:85a3:0000:0000:8a2e:0370:7334"}`, "85a85a8c-ee99-5722-946d-3c3a3270fc6f"},
		{"a process has no contributing property", `{"type":"process","pid":4,"command_line":"a"}`, ""},
		{"nothing that contributes", `{"type":"user-account","display_name":"B"}`, ""},
		{"not an observable", `{"type":"identity","name":"A"}`, ""},
	}
	for _, c := range cases {
		o := decodeObject(t, c.object)
		want := ""
		if c.want != "" {
			want = o.Type() + "--" + c.want
		}
		if got, ok := SCOID(o); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %t; want %q", c.why, got, ok, want)
		}
	}
	if len(contributing) != len(types[SCO]) {
		t.Errorf("%d SCO types have contributing properties, want %d", len(contributing), len(types[SCO]))
	}
}

func decodeObject(t *testing.T, text string) Object {
	t.Helper()
	v, err := Decode([]byte(text), DefaultLimits())
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	o, ok := AsObject(v)
	if !ok {
		t.Fatalf("no object: %s", text)
	}
	return o
}
