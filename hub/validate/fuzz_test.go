package validate_test

import (
	"testing"
)

// FuzzDocument wants an answer to anything, soon, and the same one twice.
func FuzzDocument(f *testing.F) {
	for _, text := range bases {
		f.Add([]byte(text))
		f.Add([]byte(`{"type":"bundle","id":"bundle--` + u1 + `","objects":[` + text + `]}`))
	}
	for _, data := range mixedBundles(f, 2) {
		f.Add(data)
	}
	f.Add([]byte(`{"type":"indicator","confidence":1e-999999999,"pattern":"[a:b = 1e-99999]"}`))
	f.Add([]byte(`{"type":"identity","granular_markings":[{"selectors":["[0].[1]",".",""]}],"":{"":[]}}`))
	v := validator(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		problems, err := v.Document(data)
		again, err2 := v.Document(data)
		if (err == nil) != (err2 == nil) || brief(problems) != brief(again) {
			t.Errorf("%v %v, then %v %v", problems, err, again, err2)
		}
	})
}
