package warning

// own is what the hub knows without any list: facts of a few public services that
// turn up in every capture, and hashes of the empty file. Hosts stand here for
// themselves alone: below some of them anybody may have a page.
func own() []List {
	return []List{
		{Name: "public resolvers", Type: "cidr", List: []string{
			"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220", "4.2.2.1", "4.2.2.2",
			"2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe", "2620:fe::9",
		}},
		{Name: "sites that every machine calls", Type: "string", Attributes: []string{"domain", "hostname"}, List: sites()},
		{Name: "the same as links", Type: "string", Attributes: []string{"url"}, List: links()},
		{Name: "hashes of the empty file", Type: "string", Attributes: []string{"md5", "sha1", "sha256", "sha512"}, List: []string{
			"d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
			"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
		}},
	}
}

func sites() []string {
	return []string{
		"dns.google", "one.one.one.one", "dns.quad9.net", "google.com", "www.google.com", "google.co.jp", "www.google.co.jp", "gstatic.com", "www.gstatic.com",
		"microsoft.com", "www.microsoft.com", "windows.com", "windowsupdate.com", "update.microsoft.com", "download.windowsupdate.com",
		"login.microsoftonline.com", "office.com", "www.office.com", "outlook.office365.com", "live.com", "bing.com", "www.bing.com", "time.windows.com",
		"www.msftconnecttest.com", "www.msftncsi.com", "apple.com", "www.apple.com", "icloud.com", "time.apple.com", "pool.ntp.org", "ntp.nict.jp",
		"ocsp.digicert.com", "crl.microsoft.com", "github.com", "www.github.com", "virustotal.com", "www.virustotal.com", "yahoo.co.jp", "www.yahoo.co.jp",
		"yahoo.com", "amazon.com", "www.amazon.co.jp", "cloudflare.com", "www.cloudflare.com", "wikipedia.org",
	}
}

func links() []string {
	var out []string
	for _, s := range sites() {
		out = append(out, "http://"+s, "http://"+s+"/", "https://"+s, "https://"+s+"/")
	}
	return out
}
