package demo

import (
	"encoding/json"
	"fmt"
	"io"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/intake"
)

// Result is the story for machines: what went in, what became of it, what came out.
type Result struct {
	Members  int               `json:"members"` // whose clients verified the alert
	Victim   string            `json:"victim"`  // invented
	Report   json.RawMessage   `json:"report"`
	Receipt  intake.Receipt    `json:"receipt"`
	LeftOut  []anonymize.Class `json:"left_out"` // every property by class
	Alert    hub.Alert         `json:"alert"`
	Bundle   json.RawMessage   `json:"bundle"`
	Serving  bool              `json:"serving"`
	URL      string            `json:"url,omitempty"`
	NATS     string            `json:"nats,omitempty"`
	PagesURL string            `json:"pages,omitempty"`
}

func resultOf(o told, full deliver.Entry, victim hub.Organisation, members int) Result {
	return Result{
		Members: members, Victim: victim.NameJA, Report: o.report, Receipt: o.receipt, LeftOut: o.view.LeftOut, Alert: full.Alert, Bundle: full.Bundle,
	}
}

// write prints the result as one line of JSON.
func (r Result) write(w io.Writer) error {
	err := json.NewEncoder(w).Encode(r)
	if err != nil {
		return fmt.Errorf("telling the result: %w", err)
	}
	return nil
}
