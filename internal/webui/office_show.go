package webui

import (
	"bytes"
	"net/http"
	"time"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/office"
	"isac/internal/roster"
)

// office answers the secretariat, which is of the hub itself.
func (u *UI) office(h func(*visit) error) http.HandlerFunc {
	return u.signed(func(v *visit) error {
		if !v.me.Has(hub.Secretariat) || v.me.Org != "hub" {
			return hub.E(hub.Forbidden, "error.forbidden")
		}
		return h(v)
	})
}

// officePage is the secretariat's first page: how the hub is.
type officePage struct {
	Frame
	Status office.Status
	Pool   office.Pool
	Mails  []notice.Month // of this month and the last
	Known  time.Time      // last listed holiday
	Short  bool           // the list of holidays ends soon
}

func (officePage) template() string { return "office" }

// soon is how long before its end a list of holidays wants to be made longer.
const soon = 180 * 24 * time.Hour

func (u *UI) officeShow(v *visit) error {
	s, err := u.Office.Status(v.r.Context())
	if err != nil {
		return err
	}
	pool, err := u.Office.Pool()
	if err != nil {
		return err
	}
	this, last, err := u.Office.Mails(v.r.Context())
	if err != nil {
		return err
	}
	known := notice.CalendarOf(u.Profile).Known()
	return v.show(officePage{v.frame(), s, pool, []notice.Month{this, last}, known, known.Before(u.Now().Add(soon))})
}

// least is a count that isn't told where it is below K.
type least struct {
	N, K  int
	Below bool
}

// AtLeast is a count as the page tells it.
func (p officePage) AtLeast(n int) least { return least{n, p.Status.K, n < p.Status.K} }

// Hours are whole hours of a step that is measured.
func (p officePage) Hours(d time.Duration) float64 { return d.Hours() }

// auditPage is what the secretariat did, newest first.
type auditPage struct {
	Frame
	Acts  []roster.Act
	Total int
}

func (auditPage) template() string { return "audit" }

// mostActs are shown; the export has all.
const mostActs = 200

func (u *UI) auditShow(v *visit) error {
	all := u.Roster.Acts()
	p := auditPage{Frame: v.frame(), Total: len(all)}
	for i := len(all) - 1; i >= max(0, len(all)-mostActs); i-- {
		p.Acts = append(p.Acts, all[i])
	}
	return v.show(p)
}

// auditExport gives all acts as CSV.
func (u *UI) auditExport(v *visit) error {
	var table bytes.Buffer
	err := u.Office.ExportActs(v.r.Context(), v.me.ID, &table)
	if err != nil {
		return err
	}
	v.file("text/csv; charset=utf-8", "acts.csv", table.Bytes())
	return nil
}

// file gives a file to be kept.
func (v *visit) file(kind, name string, data []byte) {
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = v.w.Write(data) // a reader who left is no error of ours
}
