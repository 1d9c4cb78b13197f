package roster

import "context"

// quietPrefix begins the subjects of what members said of their quiet mode. Name and
// word are keyed (internal/machine): who reads the stream learns neither whose an entry
// is nor what it says.
const quietPrefix = "register.quiet."

// keyed is a word under a name.
type keyed struct {
	Name string `json:"name"`
	Word string `json:"word"`
}

// SetQuiet keeps a word under a name.
func (r *Roster) SetQuiet(ctx context.Context, name, word string) error {
	return r.storeJSON(ctx, quietPrefix+name, keyed{name, word})
}

// QuietWord returns the word that is kept under a name.
func (r *Roster) QuietWord(name string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.quiet[name]
}
