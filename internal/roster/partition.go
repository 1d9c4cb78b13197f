package roster

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"isac/hub"
	"isac/hub/cells"
	"isac/hub/profile"
)

// partitionPrefix begins the subjects of the partition's versions,
// "register.partition.3". Each holds the digest of the one before: what is told of
// somebody must be compared with all that was ever told.
const partitionPrefix = "register.partition."

// Partition is one version of the partition of members, as stored.
type Partition struct {
	Previous       hub.Digest      `json:"previous"` // of the version before; zero for the first
	Profile        string          `json:"profile"`
	ProfileVersion int             `json:"profile_version"`
	K              int             `json:"k"`
	Spread         int             `json:"spread"`
	Partition      cells.Partition `json:"partition"`
}

// partitions are all versions, folded.
type partitions struct {
	history cells.History
	newest  Partition
	digest  hub.Digest // of the newest
}

func (r *Roster) applyPartition(packed []byte) error {
	data, err := unpack(packed)
	if err != nil {
		return fmt.Errorf("unpacking partition: %w", err)
	}
	var p Partition
	err = json.Unmarshal(data, &p)
	if err != nil {
		return fmt.Errorf("reading partition: %w", err)
	}
	err = p.Partition.Sound()
	if err != nil {
		return fmt.Errorf("reading partition: %w", err)
	}
	if p.Previous != r.parts.digest || p.Partition.Version != len(r.parts.history)+1 {
		return errors.New("reading partition: a version is missing, or isn't the one that was built")
	}
	r.parts = partitions{history: append(r.parts.history[:len(r.parts.history):len(r.parts.history)], p.Partition), newest: p, digest: hub.Sum(data)}
	return nil
}

// BuildPartition stores the next version of the partition for the members of now. It
// tells whether there is one: where nothing has changed there isn't.
func (r *Roster) BuildPartition(ctx context.Context, p *profile.Profile) (bool, error) {
	r.mu.RLock()
	have := r.parts
	r.mu.RUnlock()
	if len(have.history) > 0 && have.newest.Profile != p.ID {
		return false, hub.E(hub.Conflict, "isacd.partition-of-another", have.newest.Profile, p.ID)
	}
	next, err := have.history.Next(r.cellMembers(p), Rules(p))
	if err != nil {
		return false, err
	}
	version := Partition{
		Previous: have.digest, Profile: p.ID, ProfileVersion: p.Version, K: p.K, Spread: p.Spread, Partition: next.Now(),
	}
	if same(have.newest, version) {
		return false, nil
	}
	data, err := json.Marshal(version)
	if err != nil {
		return false, fmt.Errorf("storing partition: %w", err)
	}
	packed, err := pack(data)
	if err != nil {
		return false, fmt.Errorf("packing partition: %w", err)
	}
	return true, r.storeAt(ctx, partitionPrefix+strconv.Itoa(version.Partition.Version), 0, packed)
}

// same reports whether a version says of the same members the same as one before it.
func same(a, b Partition) bool {
	content := func(p Partition) []byte {
		p.Previous, p.Partition.Version = hub.Digest{}, 0
		data, err := json.Marshal(p)
		if err != nil {
			return nil
		}
		return data
	}
	return bytes.Equal(content(a), content(b))
}

// Rules are what a profile asks of a cell.
func Rules(p *profile.Profile) cells.Rules {
	return cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes}
}

// Partition returns the newest version as stored; there may be none.
func (r *Roster) Partition() (Partition, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.parts.newest, len(r.parts.history) > 0
}

// CheckPartition compares the newest version with the members of now.
func (r *Roster) CheckPartition(p *profile.Profile) ([]cells.Standing, error) {
	r.mu.RLock()
	history := r.parts.history
	r.mu.RUnlock()
	return history.Check(r.cellMembers(p), Rules(p))
}

// CellOf returns what may be said today of a member's cell, as profile.Describe
// writes it; "" where nothing may.
func (r *Roster) CellOf(member string, p *profile.Profile) string {
	r.mu.RLock()
	parts := r.parts
	r.mu.RUnlock()
	if parts.newest.Profile != p.ID {
		return ""
	}
	c, ok := parts.history.Told(member, r.cellMembers(p), Rules(p))
	if !ok {
		return ""
	}
	return c.Value(p)
}

func (r *Roster) cellMembers(p *profile.Profile) []cells.Member {
	list, _ := r.List()
	var out []cells.Member
	for _, o := range list.Members() {
		out = append(out, cells.MemberOf(o, p.Attributes))
	}
	return out
}

func pack(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(data)
	if err != nil {
		return nil, err
	}
	err = z.Close()
	return packed.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxListBytes))
}
