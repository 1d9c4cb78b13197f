package cells

import (
	"fmt"
	"io"
)

// Chosen draws whether a case may name its cell: two times in three. Without the
// third a reader would know, of an alert that names none, that there was a fact to
// be seen from outside, or that the reporter refused. It is drawn once for a case.
func Chosen(random io.Reader) (bool, error) {
	for {
		var b [1]byte
		_, err := io.ReadFull(random, b[:])
		if err != nil {
			return false, fmt.Errorf("drawing whether a cell is named: %w", err)
		}
		if b[0] < 255 { // a multiple of three
			return b[0]%3 > 0, nil
		}
	}
}
