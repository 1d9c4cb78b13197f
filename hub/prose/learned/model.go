// Package learned is a small reader that was taught by labelled sentences: for each
// label it adds up whole numbers, one for each thing seen in a sentence, and compares
// the sum with what the label asks. To that sum comes what all labels learned together:
// each thing seen is a point, and a sentence, where its points lead, states a label that
// lies in that direction. It knows words that no pattern names, and nothing that it says
// comes from a report but the names of labels.
//
// A Model is made by Train from sentences and is a file of the vocabularies; its
// numbers are integers, so that every machine reads the same. What it is asked about
// may come from a report and is not trusted: time is linear in the features.
//
//	m, err := learned.Parse(data)
//	s := m.Scores()
//	s.Read(features)
//	for i, label := range m.Labels {
//		fmt.Println(label.Name, s.States(i))
//	}
package learned

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Label is one thing that a sentence may state, with what it asks of a score: sums
// are compared with Least times the root of the number of features.
type Label struct {
	Name  string // "class:value"
	State int32  // from here it is stated
	Doubt int32  // below this it isn't stated, whatever a pattern says: by what it learned alone
	Hint  int32  // from here it is worth a question
}

// Anything is the label of every sentence that states something. It is a model's last.
const Anything = "anything"

// never is what no sum reaches, always what every sum does.
const (
	never  = 1 << 30
	always = -never
)

// weight is what one feature says of one label.
type weight struct {
	label uint16
	value int8
}

// Model is a reader that has learned. It never changes once made and may be shared.
type Model struct {
	From     string // names what it was made of
	Labels   []Label
	hashes   []uint32 // of the features, rising
	from     []uint32 // where the weights of each begin, and of all their end
	weights  []weight
	points   []int8  // axes of each feature that has a point
	at       []int32 // by feature: where its point begins, -1 where it has none
	turns    []int32 // by label: its direction, axes each, in parts of 1<<fine
	anything []int8  // by feature: what it says of Anything
	slots    []slot  // open addressing
	mask     uint32
}

// slot is a feature in the table: its hash stands beside its number, so that one look
// tells whether it is the one.
type slot struct {
	hash   uint32
	number int32 // of the feature, + 1; 0 where the slot is free
}

// ErrModel is what a file that is no model gives.
var ErrModel = errors.New("no model of the learned reader")

// index makes the table in which features are looked up, and sets apart what they say of
// Anything.
func (m *Model) index() {
	m.anything = make([]int8, len(m.hashes))
	for i := range m.hashes {
		for _, w := range m.weights[m.from[i]:m.from[i+1]] {
			if int(w.label) == len(m.Labels)-1 {
				m.anything[i] = w.value
			}
		}
	}
	size := 1 << bits.Len(uint(2*len(m.hashes)))
	m.slots, m.mask = make([]slot, size), uint32(size-1)
	for i, h := range m.hashes {
		at := mix(h) & m.mask
		for m.slots[at].number != 0 {
			at = (at + 1) & m.mask
		}
		m.slots[at] = slot{h, int32(i) + 1}
	}
}

// fine is how finely directions are told.
const fine = 16

// place gives the feature that came last a point; nil where it has none.
func (m *Model) place(point []int8) {
	if point == nil {
		m.at = append(m.at, -1)
		return
	}
	m.at = append(m.at, int32(len(m.points)))
	m.points = append(m.points, point...)
}

// point is that of a feature, nil where it has none.
func (m *Model) point(feature int32) []int8 {
	at := m.at[feature]
	if at < 0 {
		return nil
	}
	return m.points[at : at+axes]
}

// turn is a label's direction.
func (m *Model) turn(label int) []int32 { return m.turns[label*axes : label*axes+axes] }

// mix spreads a hash over the table.
func mix(h uint32) uint32 {
	h *= 0x9e3779b1
	return h ^ h>>15
}

// find returns the number of a feature, or -1.
func (m *Model) find(hash uint32) int32 {
	at := mix(hash) & m.mask
	for {
		s := m.slots[at]
		if s.hash == hash || s.number == 0 {
			return s.number - 1
		}
		at = (at + 1) & m.mask
	}
}

// Untaught is a model that has learned nothing: it states nothing and doubts nothing.
func Untaught() *Model {
	m := &Model{Labels: []Label{{Anything, never, always, never}}, from: []uint32{0}, turns: make([]int32, axes)}
	m.index()
	return m
}

// Scores reads sentences by a model, one after the other. It is not for several
// goroutines.
type Scores struct {
	m    *Model
	sums []int32     // by label: of what it learned alone
	all  []int64     // by label: with what lies in its direction
	at   [axes]int64 // where the sentence lies
	root int64       // of the number of features, times 256
	seen []uint64    // a bit for each feature: whether this sentence has it
	here []int32     // features of this sentence
	// added says that the sums of all labels but Anything are there: of most sentences
	// none is asked for.
	added bool
}

// Scores returns a reader.
func (m *Model) Scores() *Scores {
	return &Scores{m: m, sums: make([]int32, len(m.Labels)), all: make([]int64, len(m.Labels)), seen: make([]uint64, (len(m.hashes)+63)/64)}
}

// Read takes the features of the next sentence.
func (s *Scores) Read(features []Feature) {
	for _, i := range s.here {
		s.seen[i/64] = 0
	}
	clear(s.sums)
	s.here, s.added = s.here[:0], false
	s.at = [axes]int64{}
	anything := int32(0)
	for _, f := range features {
		i := s.m.find(f.Hash)
		if i < 0 || s.seen[i/64]>>(i%64)&1 != 0 {
			continue
		}
		s.seen[i/64] |= 1 << (i % 64)
		s.here = append(s.here, i)
		anything += int32(s.m.anything[i])
		for a, x := range s.m.point(i) {
			s.at[a] += int64(x)
		}
	}
	last := len(s.sums) - 1
	s.sums[last] = anything
	s.all[last] = s.along(last)
	s.root = root(uint64(max(1, len(features))) << 16)
}

// along is a label's sum with what lies in its direction.
func (s *Scores) along(label int) int64 {
	sum := int64(0)
	for a, x := range s.m.turn(label) {
		sum += int64(x) * s.at[a]
	}
	return int64(s.sums[label]) + sum>>fine
}

// add adds up what all labels but Anything are told.
func (s *Scores) add() {
	if s.added {
		return
	}
	s.added = true
	last := len(s.sums) - 1
	anything := s.sums[last]
	for _, i := range s.here {
		for _, w := range s.m.weights[s.m.from[i]:s.m.from[i+1]] {
			s.sums[w.label] += int32(w.value)
		}
	}
	s.sums[last] = anything
	for label := range last {
		s.all[label] = s.along(label)
	}
}

// alone is the sum of what a label learned alone.
func (s *Scores) alone(label int) int64 {
	if label < len(s.sums)-1 {
		s.add()
	}
	return int64(s.sums[label])
}

// sum is that of a label with what lies in its direction.
func (s *Scores) sum(label int) int64 {
	if label < len(s.sums)-1 {
		s.add()
	}
	return s.all[label]
}

// States reports whether the sentence states a label: something in it says so, and
// enough.
func (s *Scores) States(label int) bool {
	return s.sum(label) > 0 && s.reaches(label, s.m.Labels[label].State)
}

// Tells reports whether the sentence tells of an attack at all.
func (s *Scores) Tells() bool { return s.States(len(s.sums) - 1) }

// MayTell reports whether the sentence may tell of an attack, so that a question about
// it is worth while. One without a thing that is known can't.
func (s *Scores) MayTell() bool {
	last := len(s.sums) - 1
	return len(s.here) > 0 && (s.Tells() || s.reaches(last, s.m.Labels[last].Hint))
}

// Silent reports whether it hardly can.
func (s *Scores) Silent() bool { return s.Doubts(len(s.sums) - 1) }

// Near reports whether the sentence may state a label that it isn't found to state, and
// how near it came to that, in thousandths of the way from a question.
func (s *Scores) Near(label int) (int, bool) {
	l := s.m.Labels[label]
	if s.sum(label) <= 0 || !s.MayTell() || !s.reaches(label, l.Hint) {
		return 0, false
	}
	way := max(1, int64(l.State)-int64(l.Hint))
	return int(min(max(0, ((s.sum(label)<<16)/s.root-int64(l.Hint))*whole1000/way), whole1000)), true
}

// whole1000 is the whole way, in thousandths.
const whole1000 = 1000

// Doubts reports whether the sentence can hardly state a label.
func (s *Scores) Doubts(label int) bool { return !s.reach(s.alone(label), s.m.Labels[label].Doubt) }

func (s *Scores) reaches(label int, asked int32) bool { return s.reach(s.sum(label), asked) }

func (s *Scores) reach(sum int64, asked int32) bool { return sum<<16 >= int64(asked)*s.root }

// asked is the most that may be asked of a sum that it reaches.
func (s *Scores) asked(sum int64) int32 {
	sum <<= 16
	if sum < 0 {
		return int32(-((-sum + s.root - 1) / s.root))
	}
	return int32(sum / s.root)
}

// Best returns where the feature stands that says most for a label; false where none
// has a place.
func (s *Scores) Best(label int, features []Feature) (start, end int32, ok bool) {
	best := int64(0)
	for _, f := range features {
		if f.End == f.Start {
			continue
		}
		i := s.m.find(f.Hash)
		if i < 0 {
			continue
		}
		if says := s.m.says(i, label); says > best {
			best, start, end, ok = says, f.Start, f.End, true
		}
	}
	return start, end, ok
}

// says is what one feature says of a label, in parts of 1<<fine.
func (m *Model) says(feature int32, label int) int64 {
	sum := int64(0)
	for _, w := range m.weights[m.from[feature]:m.from[feature+1]] {
		if int(w.label) == label {
			sum += int64(w.value) << fine
		}
	}
	turn := m.turn(label)
	for a, x := range m.point(feature) {
		sum += int64(x) * int64(turn[a])
	}
	return sum
}

// root is the whole part of the square root.
func root(n uint64) int64 {
	r := uint64(0)
	for bit := uint64(1) << 62; bit > 0; bit >>= 2 {
		if n >= r+bit {
			n -= r + bit
			r = r>>1 + bit
		} else {
			r >>= 1
		}
	}
	return int64(r)
}

// Form of the file: "learned 3\n", and numbers in as few bytes as they need.
const head = "learned 3\n"

// Append writes the model behind data.
func (m *Model) Append(data []byte) []byte {
	data = append(data, head...)
	data = putText(data, m.From)
	data = put(data, uint64(len(m.Labels)))
	for _, l := range m.Labels {
		data = putText(data, l.Name)
		data = put(data, uint64(uint32(l.State)))
		data = put(data, uint64(uint32(l.Doubt)))
		data = put(data, uint64(uint32(l.Hint)))
	}
	for _, x := range m.turns {
		data = put(data, uint64(uint32(x)))
	}
	data = put(data, uint64(len(m.hashes)))
	last := uint32(0)
	for i, h := range m.hashes {
		data = put(data, uint64(h-last))
		last = h
		list := m.weights[m.from[i]:m.from[i+1]]
		data = put(data, uint64(len(list)))
		for _, w := range list {
			data = put(data, uint64(w.label))
			data = append(data, byte(w.value))
		}
		point := m.point(int32(i))
		data = put(data, uint64(len(point)))
		for _, x := range point {
			data = append(data, byte(x))
		}
	}
	return data
}

func put(data []byte, n uint64) []byte {
	for n >= 0x80 {
		data = append(data, byte(n)|0x80)
		n >>= 7
	}
	return append(data, byte(n))
}

func putText(data []byte, s string) []byte {
	return append(put(data, uint64(len(s))), s...)
}

// file is a model being read.
type file struct {
	data   []byte
	broken bool
}

func (f *file) number() uint64 {
	n := uint64(0)
	for shift := 0; shift < 64 && len(f.data) > 0; shift += 7 {
		b := f.data[0]
		f.data = f.data[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	f.broken = true
	return 0
}

// count is a number of things that each take a byte at least.
func (f *file) count() int {
	n := f.number()
	if n > uint64(len(f.data)) {
		f.broken = true
		return 0
	}
	return int(n)
}

func (f *file) bytes(n int) []byte {
	out := f.data[:n]
	f.data = f.data[n:]
	return out
}

// Parse reads a model.
func Parse(data []byte) (*Model, error) {
	f := file{data: data}
	if len(data) < len(head) || string(f.bytes(len(head))) != head {
		return nil, fmt.Errorf("%w: another head", ErrModel)
	}
	m := &Model{From: string(f.bytes(f.count())), from: []uint32{0}}
	for range f.count() {
		name := string(f.bytes(f.count()))
		m.Labels = append(m.Labels, Label{name, int32(uint32(f.number())), int32(uint32(f.number())), int32(uint32(f.number()))})
	}
	if len(m.Labels) == 0 || m.Labels[len(m.Labels)-1].Name != Anything {
		return nil, fmt.Errorf("%w: it doesn't know when nothing is told", ErrModel)
	}
	for range axes * len(m.Labels) {
		m.turns = append(m.turns, int32(uint32(f.number())))
	}
	hash := uint64(0)
	for i := range f.count() {
		step := f.number()
		hash += step
		if i > 0 && step == 0 || step > math.MaxUint32 || hash > math.MaxUint32 {
			return nil, fmt.Errorf("%w: its features don't rise", ErrModel)
		}
		m.hashes = append(m.hashes, uint32(hash))
		least := uint64(0)
		for range f.count() {
			label := f.number()
			if f.broken || label < least || label >= min(uint64(len(m.Labels)), 1<<16) || len(f.data) == 0 {
				return nil, fmt.Errorf("%w: broken at its weights", ErrModel)
			}
			least = label + 1
			m.weights = append(m.weights, weight{uint16(label), int8(f.bytes(1)[0])})
		}
		m.from = append(m.from, uint32(len(m.weights)))
		point := f.bytes(f.count())
		switch len(point) {
		case 0:
			m.at = append(m.at, -1)
		case axes:
			m.at = append(m.at, int32(len(m.points)))
			for _, b := range point {
				m.points = append(m.points, int8(b))
			}
		default:
			return nil, fmt.Errorf("%w: broken at its points", ErrModel)
		}
	}
	if f.broken || len(f.data) > 0 {
		return nil, fmt.Errorf("%w: too short or too long", ErrModel)
	}
	m.index()
	return m, nil
}
