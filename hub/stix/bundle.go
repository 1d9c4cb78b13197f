package stix

import (
	"strconv"

	"isac/hub"
)

// Bundle is a read bundle. Objects are in the order of the document; nothing says
// that they follow STIX.
type Bundle struct {
	ID      string
	Objects []Object
	Written [][]byte // each object as it stands in the document; nil from BundleOf
	Index   []int    // place of each object in the document's list, for JSON pointers
	Skipped int      // entries that are no JSON objects, or an objects property that is no list
	Rest    Object   // the bundle without objects
}

// ParseBundle reads a document whose top is an object of type "bundle". A missing
// objects property is an empty bundle. Errors are those of Decode, and
// "stix.not-a-bundle" (Invalid) and "stix.too-many-objects" (TooLarge).
func ParseBundle(data []byte, lim Limits) (Bundle, error) {
	d := decoder{data: data, lim: lim.orDefault(), keys: make(map[string]string, 64)}
	v, err := d.document()
	if err != nil {
		return Bundle{}, err
	}
	b, err := BundleOf(v, lim)
	for _, place := range b.Index {
		b.Written = append(b.Written, d.listed[place])
	}
	return b, err
}

// BundleOf is ParseBundle for a decoded document.
func BundleOf(v any, lim Limits) (Bundle, error) {
	lim = lim.orDefault()
	top, ok := AsObject(v)
	if !ok || top.Type() != "bundle" {
		return Bundle{}, hub.E(hub.Invalid, "stix.not-a-bundle")
	}
	b := Bundle{ID: top.ID(), Rest: make(Object, len(top))}
	for name, value := range top {
		if name != "objects" {
			b.Rest[name] = value
		}
	}
	if !top.Has("objects") {
		return b, nil
	}
	list, ok := top["objects"].([]any)
	if !ok {
		b.Skipped = 1
		return b, nil
	}
	if len(list) > lim.Objects {
		return Bundle{}, hub.E(hub.TooLarge, "stix.too-many-objects", strconv.Itoa(lim.Objects))
	}
	b.add(list)
	return b, nil
}

func (b *Bundle) add(list []any) {
	b.Objects = make([]Object, 0, len(list))
	b.Index = make([]int, 0, len(list))
	for i, v := range list {
		o, ok := AsObject(v)
		if !ok {
			b.Skipped++
			continue
		}
		b.Objects = append(b.Objects, o)
		b.Index = append(b.Index, i)
	}
}
