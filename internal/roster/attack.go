package roster

import (
	"context"
	"encoding/json"
	"fmt"

	"isac/hub/vocab"
)

// attackSubject holds the newest ATT&CK that was imported.
const attackSubject = "register.attack"

// SetAttack replaces the ATT&CK tables that lie over the program's.
func (r *Roster) SetAttack(ctx context.Context, a vocab.Attack) error {
	data, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("storing ATT&CK: %w", err)
	}
	packed, err := pack(data)
	if err != nil {
		return fmt.Errorf("storing ATT&CK: %w", err)
	}
	return r.store(ctx, attackSubject, packed)
}

func (r *Roster) applyAttack(packed []byte) error {
	data, err := unpack(packed)
	if err != nil {
		return fmt.Errorf("unpacking ATT&CK: %w", err)
	}
	return decode(data, func(a vocab.Attack) { r.attack = &a })
}

// Attack returns the newest one, nil before one was imported. It never changes: another
// pointer is another import.
func (r *Roster) Attack() *vocab.Attack {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.attack
}
