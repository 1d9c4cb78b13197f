package profile

import (
	"fmt"
	"slices"

	"isac/hub"
)

// Desk is who is called for help by the members of a size.
type Desk struct {
	// ID names it: lower case letters, digits and hyphens. "secretariat" is the hub's own.
	ID string `toml:"id"`
	// Name is what people read.
	Name hub.Text `toml:"name"`
	// Telephone is its number, which is shown when a call isn't acknowledged.
	Telephone string `toml:"telephone"`
	// Bands are the values of the list's column "band" whose members it helps.
	Bands []string `toml:"bands"`
	// Rest says that it helps all whom no desk before it does.
	Rest bool `toml:"rest"`
}

// SecretariatDesk is the desk of whom no other one is there for.
const SecretariatDesk = "secretariat"

// DeskOf returns the desk of an organisation.
func (p *Profile) DeskOf(o hub.Organisation) Desk {
	for _, d := range p.Desks {
		if d.Rest || slices.Contains(d.Bands, o.Band) {
			return d
		}
	}
	return p.Desk(SecretariatDesk)
}

// Desk returns a desk by its id; one that the profile doesn't name is the
// secretariat's.
func (p *Profile) Desk(id string) Desk {
	for _, d := range p.Desks {
		if d.ID == id {
			return d
		}
	}
	return Desk{ID: SecretariatDesk, Name: hub.Text{JA: "事務局", EN: "the secretariat"}, Telephone: p.Telephone}
}

// checkDesks returns the first thing wrong with the desks.
func (p *Profile) checkDesks() error {
	seen := map[string]bool{SecretariatDesk: true}
	for _, d := range p.Desks {
		switch {
		case !isID(d.ID) || seen[d.ID]:
			return fmt.Errorf("desks %q: want lower case letters, digits and hyphens, once, and not %s", d.ID, SecretariatDesk)
		case d.Name.JA == "" || d.Name.EN == "":
			return fmt.Errorf("desks %s: want a name in both languages", d.ID)
		case d.Telephone == "":
			return fmt.Errorf("desks %s: want a telephone number", d.ID)
		case len(d.Bands) == 0 && !d.Rest:
			return fmt.Errorf("desks %s: want bands or rest", d.ID)
		}
		seen[d.ID] = true
	}
	return nil
}
