package vocab

import (
	"slices"
	"sync"
)

// flawed are the product families that well-known vulnerabilities are in, from their
// public records.
var flawed = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, row := range readCSV("cve-products.csv", 2) {
		out[row[0]] = row[1]
	}
	return out
})

// ProductOf returns the product family that a vulnerability is in, where the table
// has it.
func (v *Vocab) ProductOf(cve string) (string, bool) {
	id, ok := flawed()[cve]
	return id, ok
}

// FlawsOf returns the vulnerabilities of a product family that the table has, in order.
func (v *Vocab) FlawsOf(product string) []string {
	var out []string
	for cve, id := range flawed() {
		if id == product {
			out = append(out, cve)
		}
	}
	slices.Sort(out)
	return out
}
