package learned

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// lesson are sentences that tell of a thing by a word, and others.
func lesson() []Example {
	var out []Example
	for i := range 60 {
		text, labels := fmt.Sprintf("the printer on floor %d is new", i), map[string]bool{}
		switch i % 3 {
		case 0:
			text, labels = fmt.Sprintf("burglars scrambled share %d", i), map[string]bool{"technique:T1486": true}
		case 1:
			text, labels = fmt.Sprintf("burglars emptied drawer %d", i), map[string]bool{"technique:T1485": true}
		}
		out = append(out, Example{Features: Words(nil, []byte(text)), Labels: labels, Report: i})
	}
	return out
}

func read(m *Model, text string) []string {
	s := m.Scores()
	s.Read(Words(nil, []byte(text)))
	var out []string
	for i, l := range m.Labels {
		if s.States(i) {
			out = append(out, l.Name)
		}
	}
	return out
}

var options = Options{Fewest: 3, Precision: 0.8, Trust: 0.3, Most: 100}

func learn(o Options) *Model {
	m, _ := Train(lesson(), o)
	return m
}

func TestLearns(t *testing.T) {
	m := learn(options)
	for text, want := range map[string]string{
		"burglars scrambled ledger 7":      "[technique:T1486 anything]",
		"burglars emptied drawer 99":       "[technique:T1485 anything]",
		"the printer in the hall is green": "[]",
		"":                                 "[]",
	} {
		if got := fmt.Sprint(read(m, text)); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

// TestOneModelOfOneText: what is learned twice is the same to the byte, also after it
// was written and read.
func TestOneModelOfOneText(t *testing.T) {
	once := learn(options).Append(nil)
	if !bytes.Equal(once, learn(options).Append(nil)) {
		t.Error("another model of the same sentences")
	}
	m, err := Parse(once)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(once, m.Append(nil)) {
		t.Error("a model that was read is written otherwise")
	}
}

func TestRefusesBrokenModels(t *testing.T) {
	whole := learn(options).Append(nil)
	for n := range whole {
		_, err := Parse(whole[:n])
		if !errors.Is(err, ErrModel) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	_, err := Parse(append(whole, 0))
	if !errors.Is(err, ErrModel) {
		t.Errorf("a byte too much: %v", err)
	}
}

func TestLettersAndWords(t *testing.T) {
	if n := len(Letters(nil, []byte("鍵を、替え"))); n != 4 {
		t.Errorf("%d features of two parts", n) // 鍵 鍵を 替 替え
	}
	text := []byte("全ての共有を、暗号化A1され. た𠮷 \xe3\x81")
	for _, f := range Letters(nil, text) {
		if f.Hash != Hash(letters, text[f.Start:f.End]) {
			t.Errorf("%q has another hash", text[f.Start:f.End])
		}
	}
	a, b := Words(nil, []byte("encrypted")), Words(nil, []byte("encrypting"))
	if a[0].Hash != b[0].Hash {
		t.Error("two forms of a word are two")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(learn(options).Append(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err == nil {
			read(m, "burglars scrambled share 3")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	s := learn(options).Scores()
	features := Words(nil, []byte("burglars scrambled share 3 and the printer on floor 4 is new"))
	for b.Loop() {
		s.Read(features)
	}
}
