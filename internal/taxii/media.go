package taxii

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The media types of the standard (1.6.8).
const (
	mediaName = "application/taxii+json"
	mediaType = mediaName + ";version=2.1"
	stixType  = "application/stix+json;version=2.1"
)

// acceptable reports whether a client takes TAXII 2.1, by its Accept headers: lists,
// in any case, with weights and quotes. No header and wildcards take everything.
func acceptable(headers []string) bool {
	list := strings.Join(headers, ",")
	if strings.TrimSpace(list) == "" {
		return true
	}
	for _, item := range strings.Split(list, ",") {
		name, params, err := mime.ParseMediaType(strings.TrimSpace(item))
		if err != nil {
			continue
		}
		weight, err := strconv.ParseFloat(params["q"], 64)
		if params["q"] != "" && (err != nil || weight <= 0) {
			continue
		}
		switch name {
		case "*/*", "application/*":
			return true
		case mediaName:
			if v := params["version"]; v == "" || v == "2.1" {
				return true
			}
		}
	}
	return false
}

// isTAXII reports whether a body is TAXII 2.1, by its headers: in any case, with spaces,
// quotes and a charset. Without a version it is the newest.
func isTAXII(h http.Header) bool {
	name, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || name != mediaName || params["version"] != "" && params["version"] != "2.1" {
		return false
	}
	charset, coding := params["charset"], h.Get("Content-Encoding")
	return (charset == "" || strings.EqualFold(charset, "utf-8")) && (coding == "" || strings.EqualFold(coding, "identity"))
}
