package webui

import (
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/internal/finder"
	"isac/internal/store"
)

// exportBatch is how many rows are read at a time.
const exportBatch = 500

// searchExport gives all that a search finds as a file: alerts.csv, indicators.jsonl …
func (u *UI) searchExport(v *visit) error {
	q, ok := u.asked.recall(v.me.ID, chi.URLParam(v.r, "asked"), u.Now())
	if !ok {
		v.to("/search/" + chi.URLParam(v.r, "asked"))
		return nil
	}
	what, format, _ := strings.Cut(chi.URLParam(v.r, "file"), ".")
	columns := alertColumns
	if what == "indicators" {
		columns = indicatorColumns
	} else if what != "alerts" {
		format = ""
	}
	out, err := v.table("isac-"+what, format, columns)
	if err != nil {
		return err
	}
	page := finder.Page{Limit: exportBatch}
	for {
		found, err := v.reads.Finder.Ask(v.r.Context(), q, page)
		if err != nil {
			return err
		}
		rows, err := v.reads.Public.Numbered(v.r.Context(), found.Numbers)
		if err != nil || len(rows) == 0 {
			return err
		}
		if what == "alerts" {
			out.put(alertRecords(v.lines(rows)))
		} else {
			err = v.allIndicators(store.IndicatorQuery{Numbers: found.Numbers}, func(list []indicator) { out.put(indicatorRecords(list)) })
		}
		if err != nil || !found.More {
			return err
		}
		page.Below = rows[len(rows)-1].News
	}
}

// allIndicators reads all that match, some at a time.
func (v *visit) allIndicators(q store.IndicatorQuery, use func([]indicator)) error {
	q.Limit = exportBatch
	for {
		list, err := v.indicators(q)
		if err != nil || len(list) == 0 {
			return err
		}
		use(list)
		if len(list) < exportBatch {
			return nil
		}
		q.After = list[len(list)-1].Row
	}
}
