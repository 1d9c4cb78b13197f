package validate

import (
	"encoding/base64"
	"strings"
)

// payload wants the bytes of an artifact in base64 (sections 2.2 and 6.1).
func payload(s *subject) {
	text, ok := s.Object["payload_bin"].(string)
	if ok && s.Type() == "artifact" && !isBase64(text) {
		s.report("payload_bin", "base64")
	}
}

func isBase64(text string) bool {
	if len(text)%4 != 0 || strings.ContainsAny(text, "\r\n") {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}
