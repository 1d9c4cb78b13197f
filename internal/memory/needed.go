package memory

// What a hub needs, by the most that one was seen to have resident: started on a list, a
// report taken in, then a new list of the same length taken in beside the old one, which is
// what takes most. With Go told to stay below 200 MiB: 147 MiB with 20 organisations, 183 with 500,
// 248 with 4,000, 291 with 8,182; the start alone and the report took 245 at most.
const (
	alone          = 160 << 20 // without a list
	anOrganisation = 24 << 10
)

// Needed is how much memory a hub needs for a sector list of so many organisations, in
// bytes.
func Needed(organisations int) int64 { return alone + int64(organisations)*anOrganisation }
