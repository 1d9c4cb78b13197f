package learned

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlaceIsTheSumOfPoints: also of more than are added at once, and of the lowest and
// the highest.
func TestPlaceIsTheSumOfPoints(t *testing.T) {
	m := &Model{}
	for _, b := range []byte{0, 0x7f, 0x80, 0xff} {
		m.points = append(m.points, pointOf(slices.Repeat([]byte{b}, axes)))
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		data := make([]byte, axes)
		for a := range data {
			data[a] = byte(dice.Uint32())
		}
		m.points = append(m.points, pointOf(data))
	}
	for range 20 {
		list, want := make([]int32, dice.IntN(4*mostAtOnce)), [axes]int32{}
		for k := range list {
			list[k] = int32(dice.IntN(len(m.points)))
			for a, b := range m.points[list[k]] {
				want[a] += int32(b) - raised
			}
		}
		if got := m.place(list); got != want {
			t.Fatalf("%d points lie at %v, not %v", len(list), got, want)
		}
	}
	highest := slices.Repeat([]int32{1}, 3*mostAtOnce)
	if got := m.place(highest)[7]; got != 3*mostAtOnce*127 {
		t.Errorf("the highest lie at %d", got)
	}
}

// TestPartIsReadAsASentence: a part of a sentence says what a sentence of its features says.
func TestPartIsReadAsASentence(t *testing.T) {
	m := learn(options)
	text := "burglars emptied the drawer, the printer is green, burglars scrambled share 3"
	features := append(Words(nil, []byte(text)), Feature{Hash: Hash(Mark, nil)})
	whole, alone := m.Scores(), m.Scores()
	whole.Read(features)
	for start := range len(text) {
		for end := start + 1; end <= len(text); end += 7 {
			whole.Part(start, end)
			alone.Read(Within(nil, features, start, end))
			for label := range m.Labels {
				near, may := whole.Near(label)
				n, ok := alone.Near(label)
				if whole.States(label) != alone.States(label) || whole.Doubts(label) != alone.Doubts(label) || near != n || may != ok ||
					whole.May(label) != (ok || alone.States(label)) {
					t.Fatalf("%q is read otherwise in its sentence", text[start:end])
				}
				from, to, has := whole.Best(label)
				if a, b, ok := alone.Best(label); a != from || b != to || ok != has {
					t.Fatalf("%q: the best word stands elsewhere", text[start:end])
				}
			}
		}
	}
}
