// Package sample makes the inputs of benchmarks: a sector list, reports as
// hospitals write them, and bundles as tools exchange them. Everything is invented
// and the same every time.
//
// It is pure, trusts nothing, and no running hub uses it.
//
//	list, err := sample.Sector(8182, 1500)
//	report, err := sample.Report(list.All()[0], "first")
package sample

import (
	"bytes"
	"fmt"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/stix"
)

// Whole is how many organisations the whole sector has.
const Whole = 8182

// seed makes the sector: the same every time, and in no other table.
const seed = 20261126

// Sector is a sector list of so many organisations, the first of which are members.
func Sector(organisations, members int) (*register.Register, error) {
	all := synthetic.Register(organisations, seed)
	for i := members; i < len(all); i++ {
		o := &all[i]
		o.Member = false
		o.IPv4, o.IPv4Private, o.IPv6, o.HostnamePrefix, o.Operator = "", "", "", "", ""
	}
	list, err := register.New(all)
	if err != nil {
		return nil, fmt.Errorf("making sector list: %w", err)
	}
	return list, nil
}

// CSV is a sector list as a file.
func CSV(list *register.Register) ([]byte, error) {
	var b bytes.Buffer
	err := list.Write(&b)
	return b.Bytes(), err
}

// bundle collects the objects of one bundle. Its ids follow from key.
type bundle struct {
	key     string
	objects []any
}

const day = "2026-05-12T01:02:03.000Z"

func (b *bundle) id(typ string, n int) string {
	d := hub.Sum(fmt.Appendf(nil, "%s %s %d", b.key, typ, n))
	return stix.NewID(typ, [16]byte(d[:16]))
}

// add puts in the n-th object of a type and returns its id.
func (b *bundle) add(typ string, n int, properties stix.Object) string {
	id := b.id(typ, n)
	o := stix.Object{"type": typ, "spec_version": "2.1", "id": id, "created": day, "modified": day}
	for k, v := range properties {
		o[k] = v
	}
	b.objects = append(b.objects, o)
	return id
}

func (b *bundle) marshal() ([]byte, error) {
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": b.id("bundle", 0), "objects": b.objects})
	if err != nil {
		return nil, fmt.Errorf("making sample: %w", err)
	}
	return data, nil
}
