package roster

import (
	"context"
	"time"

	"isac/hub"
)

// IssueCredentials makes a new machine identity for a member and returns the bytes
// of its credentials file, which exist nowhere else.
func (r *Roster) IssueCredentials(ctx context.Context, member string, now time.Time) ([]byte, error) {
	org, ok := r.Organisation(member)
	if !ok || !org.Member {
		return nil, hub.E(hub.NotFound, "member.unknown")
	}
	expires := now.Add(credentialsOK).UTC().Truncate(time.Second)
	user, creds, err := r.bus.IssueMember(expires)
	if err != nil {
		return nil, err
	}
	k := MemberKey{Key: user, Member: member, Issued: now.UTC().Truncate(time.Second), Expires: expires}
	err = r.storeKey(ctx, k)
	if err != nil {
		return nil, err
	}
	return creds, nil
}

func (r *Roster) storeKey(ctx context.Context, k MemberKey) error {
	return r.storeJSON(ctx, keyPrefix+k.Key, k)
}

// Rotate issues a new machine identity for a member and shuts out every older one.
func (r *Roster) Rotate(ctx context.Context, member string, now time.Time) ([]byte, error) {
	old := r.keysOf(member)
	creds, err := r.IssueCredentials(ctx, member, now)
	if err != nil {
		return nil, err
	}
	_, err = r.shutOut(ctx, old, now)
	return creds, err
}

// Revoke shuts out every machine identity of a member at once and returns how many.
func (r *Roster) Revoke(ctx context.Context, member string, now time.Time) (int, error) {
	n, err := r.shutOut(ctx, r.keysOf(member), now)
	if err == nil && n == 0 {
		return 0, hub.E(hub.NotFound, "member.no-credentials")
	}
	return n, err
}

// shutOut revokes keys and returns how many weren't yet.
func (r *Roster) shutOut(ctx context.Context, keys []MemberKey, now time.Time) (int, error) {
	n := 0
	for _, k := range keys {
		if k.Revoked {
			continue
		}
		err := r.bus.Revoke(ctx, k.Key, now)
		if err != nil {
			return n, err
		}
		k.Revoked = true
		err = r.storeKey(ctx, k)
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (r *Roster) keysOf(member string) []MemberKey {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []MemberKey
	for _, k := range r.keys {
		if k.Member == member {
			out = append(out, k)
		}
	}
	return out
}

// MemberOf returns the member behind a machine key; a revoked, expired or unknown
// key has none, and so has one whose organisation left.
func (r *Roster) MemberOf(key string, now time.Time) (hub.Organisation, bool) {
	k, ok := r.key(key)
	if !ok && r.bus.Shared() { // another node issued it a moment ago
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if r.catchUp(ctx) == nil {
			k, ok = r.key(key)
		}
	}
	if !ok || k.Revoked || !now.Before(k.Expires) {
		return hub.Organisation{}, false
	}
	org, ok := r.Organisation(k.Member)
	return org, ok && org.Member
}

func (r *Roster) key(key string) (MemberKey, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	k, ok := r.keys[key]
	return k, ok
}

// ActiveKeys returns the machine keys of a member that may connect now.
func (r *Roster) ActiveKeys(member string, now time.Time) []string {
	var out []string
	for _, k := range r.keysOf(member) {
		if !k.Revoked && now.Before(k.Expires) {
			out = append(out, k.Key)
		}
	}
	return out
}
