package ledger

// Leaf shows tests what is public of an entry.
func Leaf(e Entry) []byte { return e.leaf() }
