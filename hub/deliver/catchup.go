package deliver

import "isac/hub"

// CatchupRequest asks for what a member missed, on isac.catchup.<own nkey>.
type CatchupRequest struct {
	After uint64 `json:"after"` // the highest number the member holds
}

// CatchupResponse is one page of the log. The member asks again while More.
type CatchupResponse struct {
	Entries []Entry      `json:"entries"`
	Last    uint64       `json:"last"` // the newest number of the log
	More    bool         `json:"more"`
	Refused *hub.Refusal `json:"refused,omitempty"`
}

// PageBytes bounds the bundles of one catch-up page.
const PageBytes = 2 << 20

// Page cuts entries (in order, from after its request) to a page of at most
// PageBytes of bundles, one entry at least.
func Page(entries []Entry, last uint64) CatchupResponse {
	out := CatchupResponse{Last: last, Entries: []Entry{}}
	size := 0
	for i, e := range entries {
		size += len(e.Bundle)
		if i > 0 && size > PageBytes {
			break
		}
		out.Entries = append(out.Entries, e)
	}
	if n := len(out.Entries); n > 0 {
		out.More = out.Entries[n-1].Number < last
	}
	return out
}
