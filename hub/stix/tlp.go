package stix

import (
	"strings"

	"isac/hub"
)

// tlp2 holds the ids of the TLP 2.0 marking definitions that OASIS published on
// 2022-10-01 (cti-stix-common-objects, tlp-2.0).
var tlp2 = map[hub.TLP]string{
	hub.TLPClear:       "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
	hub.TLPGreen:       "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
	hub.TLPAmber:       "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
	hub.TLPAmberStrict: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
	hub.TLPRed:         "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}

// tlp1 holds the four marking definitions that STIX 2.1 predefines (section 7.2.1.4).
var tlp1 = map[string]string{
	"white": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
	"green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
	"amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
	"red":   "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}

// TLPMarking returns the published marking definition of a TLP 2.0 label, nil for
// anything else. Each call makes a new object.
func TLPMarking(t hub.TLP) Object {
	id, ok := tlp2[t]
	if !ok {
		return nil
	}
	label := tlp2Label(t)
	return Object{
		"type":         "marking-definition",
		"spec_version": "2.1",
		"id":           id,
		"created":      "2022-10-01T00:00:00.000Z",
		"name":         "TLP:" + strings.ToUpper(label),
		"extensions": map[string]any{
			TLPExtension: map[string]any{
				"extension_type": "property-extension",
				"tlp_2_0":        label,
			},
		},
	}
}

// TLP1Marking returns the predefined marking definition of "white", "green",
// "amber" or "red" of TLP 1, nil for anything else. Each call makes a new object.
func TLP1Marking(label string) Object {
	id, ok := tlp1[label]
	if !ok {
		return nil
	}
	return Object{
		"type":            "marking-definition",
		"spec_version":    "2.1",
		"id":              id,
		"created":         "2017-01-20T00:00:00.000Z",
		"definition_type": "tlp",
		"name":            "TLP:" + strings.ToUpper(label),
		"definition":      map[string]any{"tlp": label},
	}
}

// TLPOf returns the TLP label that a published marking definition's id stands
// for. TLP 1 white reads as clear.
func TLPOf(markingID string) (hub.TLP, bool) {
	for t, id := range tlp2 {
		if id == markingID {
			return t, true
		}
	}
	for label, id := range tlp1 {
		if id != markingID {
			continue
		}
		if label == "white" {
			return hub.TLPClear, true
		}
		return hub.TLP(label), true
	}
	return "", false
}

// tlp2Label is the label in the spelling of the standard.
func tlp2Label(t hub.TLP) string {
	if t == hub.TLPAmberStrict {
		return "amber+strict"
	}
	return string(t)
}
