package api

import (
	"net/http"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/find"
	"isac/internal/httpx"
)

// leastInBucket is how many different values every bucket has at least, unless there
// are fewer altogether.
const leastInBucket = 20

// bucketsJSON says how to ask: by how many of the first bits of SHA-256 of a value.
type bucketsJSON struct {
	Bits   int `json:"bits"`
	Least  int `json:"least"`  // values in every bucket
	Values int `json:"values"` // released altogether
}

// bucketJSON asks for a bucket.
type bucketJSON struct {
	Bits   int    `json:"bits"`
	Prefix uint32 `json:"prefix"` // the bits as a number
}

// bucketAnswer is all that is in a bucket.
type bucketAnswer struct {
	Indicators []indicatorJSON `json:"indicators"`
}

// bucketsShow answers GET /indicators/buckets.
func (a API) bucketsShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	b, err := a.Reading.Of(who).Public.Buckets(r.Context(), leastInBucket)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, bucketsJSON{b.Bits, leastInBucket, b.Values})
}

// bucketAsk answers POST /indicators/buckets. More bits than every bucket can bear are
// refused, so that no client says more of a value than it must.
func (a API) bucketAsk(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var q bucketJSON
	err := httpx.ReadJSON(r, 1<<10, &q)
	if err != nil {
		return err
	}
	b, err := a.Reading.Of(who).Public.Buckets(r.Context(), leastInBucket)
	if err != nil {
		return err
	}
	if q.Bits < 0 || q.Bits > find.BucketBits || uint64(q.Prefix)>>q.Bits != 0 {
		return hub.E(hub.Invalid, "api.bad-bucket")
	}
	if q.Bits > b.Bits {
		return hub.E(hub.Invalid, "api.narrow-bucket", strconv.Itoa(b.Bits))
	}
	rows, err := a.Reading.Of(who).Public.InBucket(r.Context(), q.Prefix, q.Bits)
	if err != nil {
		return err
	}
	list, err := a.standing(r.Context(), who, rows, time.Time{})
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, bucketAnswer{list})
}
