package taxii

import (
	"mime"
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
