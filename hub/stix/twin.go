package stix

import (
	"slices"
	"strings"

	"isac/hub"
)

// tlp1Of is what a label of TLP 2.0 is in TLP 1: the same or stricter, never weaker.
// What must stay in an organisation TLP 1 can only say as red.
var tlp1Of = map[hub.TLP]string{
	hub.TLPClear: "white", hub.TLPGreen: "green", hub.TLPAmber: "amber", hub.TLPAmberStrict: "red", hub.TLPRed: "red",
}

// Twin returns an object as tools read it that know TLP 1 alone: with the predefined
// markings in the place of those of TLP 2.0. Its id and all references are made of the
// object's own, so that no id ever stands for two contents. The object stays as it is.
func Twin(o Object) Object {
	if t, ok := tlp2Of(o.ID()); ok {
		return TLP1Marking(tlp1Of[t])
	}
	return WithIDs(o, TwinID)
}

// WithIDs returns an object whose id and references, however deep they lie, are others,
// each made of the one that stood there. The object stays as it is.
func WithIDs(o Object, to func(id string) string) Object {
	out := make(Object, len(o))
	for name, v := range o {
		out[name] = led(name, v, to)
	}
	out["id"] = to(o.ID())
	return out
}

// TwinID is the id of an object's twin.
func TwinID(id string) string {
	if t, ok := tlp2Of(id); ok {
		return tlp1[tlp1Of[t]]
	}
	typ, _, _ := strings.Cut(id, "--")
	return NameID(typ, "under TLP 1: "+id)
}

func tlp2Of(id string) (hub.TLP, bool) {
	for t, marking := range tlp2 {
		if marking == id {
			return t, true
		}
	}
	return "", false
}

// led is a property with its references led elsewhere.
func led(name string, v any, to func(string) string) any {
	one, many := strings.HasSuffix(name, "_ref"), strings.HasSuffix(name, "_refs")
	switch v := v.(type) {
	case string:
		if one || many {
			return to(v)
		}
	case []string:
		if many {
			out := slices.Clone(v)
			for i := range out {
				out[i] = to(out[i])
			}
			return out
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = led(name, v[i], to)
		}
		return out
	case []Object:
		out := make([]any, len(v))
		for i := range v {
			out[i] = led(name, v[i], to)
		}
		return out
	case Object:
		return ledObject(v, to)
	case map[string]any:
		return ledObject(v, to)
	}
	return v
}

func ledObject(o Object, to func(string) string) map[string]any {
	out := make(map[string]any, len(o))
	for name, v := range o {
		out[name] = led(name, v, to)
	}
	return out
}

// LabelOf is the strictest TLP label among an object's markings, "" for none.
func LabelOf(o Object) hub.TLP {
	order := []hub.TLP{"", hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed}
	strictest := 0
	for _, ref := range o.Strs("object_marking_refs") {
		if t, ok := TLPOf(ref); ok {
			strictest = max(strictest, slices.Index(order, t))
		}
	}
	return order[strictest]
}
