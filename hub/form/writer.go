package form

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// origin is where a report began: what its ids derive from, and when. A later version
// of the report has the same.
type origin struct {
	seed  [16]byte
	begun time.Time
}

// String is what the reporter keeps to continue the report.
func (o origin) String() string {
	return hex.EncodeToString(o.seed[:]) + "-" + strconv.FormatInt(o.begun.Unix(), 10)
}

func readOrigin(text string) (origin, bool) {
	var o origin
	seed, begun, _ := strings.Cut(text, "-")
	raw, err := hex.DecodeString(seed)
	if err != nil || len(raw) != len(o.seed) {
		return o, false
	}
	n, err := strconv.ParseInt(begun, 10, 64)
	if err != nil || n < 1 || n > 1<<33 {
		return o, false
	}
	copy(o.seed[:], raw)
	o.begun = time.Unix(n, 0).UTC()
	return o, true
}

// origin is that of the answers, or a new one.
func (a Answers) origin(now time.Time, random io.Reader) (origin, error) {
	if o, ok := readOrigin(a.Incident); ok && !o.begun.After(now) {
		return o, nil
	}
	o := origin{begun: now.UTC().Truncate(time.Second)}
	_, err := io.ReadFull(random, o.seed[:])
	if err != nil {
		return o, fmt.Errorf("beginning a report: %w", err)
	}
	return o, nil
}

// writer collects the objects of one report.
type writer struct {
	origin
	now     time.Time
	by      string
	objects []any
}

func (w *writer) id(typ, key string) string {
	digest := hub.Sum(append(append([]byte("isac form\x00"), w.seed[:]...), typ+"\x00"+key...))
	return stix.NewID(typ, [16]byte(digest[:16]))
}

func (w *writer) add(typ, key string, props stix.Object) string {
	id := w.id(typ, key)
	o := stix.Object{"type": typ, "spec_version": "2.1", "id": id, "created": stix.FormatTime(w.begun), "modified": stix.FormatTime(w.now)}
	if w.by != "" {
		o["created_by_ref"] = w.by
	}
	for k, v := range props {
		o[k] = v
	}
	w.objects = append(w.objects, o)
	return id
}

func (w *writer) relate(source, kind, target string) {
	w.add("relationship", source+kind+target, stix.Object{"relationship_type": kind, "source_ref": source, "target_ref": target})
}
