package webui

import "net/http"

// eventStream answers GET /events: open pages show what arrives; nothing arrives for
// members in quiet mode.
func (u *UI) eventStream(v *visit) error {
	if v.in.Quiet {
		v.w.WriteHeader(http.StatusNoContent) // the browser doesn't ask again
		return nil
	}
	return u.Live.Stream(v.w, v.r, v.reads.Public.Newest)
}
