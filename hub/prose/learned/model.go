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
	From    string // names what it was made of
	Labels  []Label
	hashes  []uint32 // of the features, rising
	from    []uint32 // where the weights of each begin, and of all their end
	weights []weight
	points  []point // by feature
	turns   []int32 // by label: its direction, axes each, in parts of 1<<fine
	plain   []int8  // by feature: what it says of Anything, its point aside
	slots   []slot  // open addressing
	mask    uint32
	filter  []uint64 // a bit for each hash: few of those that no feature has pass it, and it is small
	narrow  uint     // how far a hash is shifted to be the number of a bit
}

// slot is a feature in the table, with all that is asked of it in most sentences: one look
// tells it.
type slot struct {
	hash   uint32
	number int32 // of the feature, + 1; 0 where the slot is free
	tells  int64 // what it says of Anything, in parts of 1<<fine
}

// ErrModel is what a file that is no model gives.
var ErrModel = errors.New("no model of the learned reader")

// index makes the table in which features are looked up.
func (m *Model) index() {
	size := 1 << bits.Len(uint(len(m.hashes)+len(m.hashes)/2))
	m.slots, m.mask = make([]slot, size), uint32(size-1)
	width := bits.Len(uint(8*len(m.hashes)) | 63)
	m.filter, m.narrow = make([]uint64, 1<<width/64), uint(32-width)
	m.plain = make([]int8, len(m.hashes))
	for i, h := range m.hashes {
		for _, w := range m.weights[m.from[i]:m.from[i+1]] {
			if int(w.label) == len(m.Labels)-1 {
				m.plain[i] = w.value
			}
		}
		mixed := mix(h)
		bit := mixed >> m.narrow
		m.filter[bit/64] |= 1 << (bit % 64)
		at := mixed & m.mask
		for m.slots[at].number != 0 {
			at = (at + 1) & m.mask
		}
		m.slots[at] = slot{h, int32(i) + 1, m.says(int32(i), len(m.Labels)-1)}
	}
}

// fine is how finely directions are told.
const fine = 16

// turn is a label's direction.
func (m *Model) turn(label int) *[axes]int32 { return (*[axes]int32)(m.turns[label*axes:]) }

// mix spreads a hash over the table.
func mix(h uint32) uint32 {
	h *= 0x9e3779b1
	return h ^ h>>15
}

// find returns the slot of a feature, nil where it is none of the model's.
func (m *Model) find(hash uint32) *slot {
	mixed := mix(hash)
	if bit := mixed >> m.narrow; m.filter[bit/64]>>(bit%64)&1 == 0 {
		return nil
	}
	return m.look(hash, mixed)
}

func (m *Model) look(hash, mixed uint32) *slot {
	for at := mixed & m.mask; m.slots[at].number != 0; at = (at + 1) & m.mask {
		if m.slots[at].hash == hash {
			return &m.slots[at]
		}
	}
	return nil
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
	m        *Model
	features []Feature // of the sentence
	known    []known   // those that the model knows, as they stand
	start    int32     // of the part that is read
	end      int32
	here     []int32     // features of this part, each once
	seen     []uint64    // a bit for each feature: whether this part has it
	tells    int64       // what they say of Anything
	root     int64       // of the number of features, times 256
	sums     []int32     // by label: of what it learned alone
	at       [axes]int32 // where the part lies
	// added and placed say that sums and at are there: of most sentences neither is asked for.
	added, placed bool
}

// known is a feature that a model knows, and where it stands.
type known struct {
	*slot
	start, end int32
}

// Scores returns a reader.
func (m *Model) Scores() *Scores {
	return &Scores{m: m, sums: make([]int32, len(m.Labels)), seen: make([]uint64, (len(m.hashes)+63)/64)}
}

// Read takes the features of the next sentence, which stay as they are while it is read.
func (s *Scores) Read(features []Feature) {
	s.features, s.known = features, s.known[:0]
	for _, f := range features {
		if at := s.m.find(f.Hash); at != nil {
			s.known = append(s.known, known{at, f.Start, f.End})
		}
	}
	s.Part(0, math.MaxInt32)
}

// Part takes of the sentence a part alone, with what has no place.
func (s *Scores) Part(start, end int) {
	for _, i := range s.here {
		s.seen[i/64] = 0
	}
	s.start, s.end = int32(start), int32(end)
	s.here, s.added, s.placed = s.here[:0], false, false
	tells := int64(0)
	for _, k := range s.known {
		i := k.number - 1
		if !within(k.start, k.end, s.start, s.end) || s.seen[i/64]>>(i%64)&1 != 0 {
			continue
		}
		s.seen[i/64] |= 1 << (i % 64)
		s.here = append(s.here, i)
		tells += k.tells
	}
	s.tells = tells >> fine
	n := uint64(0)
	for _, f := range s.features {
		if within(f.Start, f.End, s.start, s.end) {
			n++
		}
	}
	s.root = root(max(1, n) << 16)
}

// within reports whether a feature's place is in a part, or is none.
func within(start, end, from, to int32) bool { return start == end || start >= from && end <= to }

// Within adds those of features that a part of their sentence has.
func Within(out, features []Feature, start, end int) []Feature {
	for _, f := range features {
		if within(f.Start, f.End, int32(start), int32(end)) {
			out = append(out, f)
		}
	}
	return out
}

// alone is the sum of what a label learned alone.
func (s *Scores) alone(label int) int64 {
	if label == len(s.sums)-1 {
		sum := int64(0)
		for _, i := range s.here {
			sum += int64(s.m.plain[i])
		}
		return sum
	}
	if !s.added {
		s.added = true
		clear(s.sums)
		for _, i := range s.here {
			for _, w := range s.m.weights[s.m.from[i]:s.m.from[i+1]] {
				s.sums[w.label] += int32(w.value)
			}
		}
	}
	return int64(s.sums[label])
}

// sum is that of a label with what lies in its direction.
func (s *Scores) sum(label int) int64 {
	if label == len(s.sums)-1 {
		return s.tells
	}
	if !s.placed {
		s.placed, s.at = true, s.m.place(s.here)
	}
	sum := int64(0)
	for a, x := range s.m.turn(label) {
		sum += int64(x) * int64(s.at[a])
	}
	return s.alone(label) + sum>>fine
}

// States reports whether the sentence states a label: something in it says so, and
// enough.
func (s *Scores) States(label int) bool {
	sum := s.sum(label)
	return sum > 0 && s.reach(sum, s.m.Labels[label].State)
}

// May reports whether the sentence states a label or may state it.
func (s *Scores) May(label int) bool {
	l := &s.m.Labels[label]
	sum := s.sum(label)
	return sum > 0 && (s.reach(sum, l.State) || s.reach(sum, l.Hint) && s.MayTell())
}

// Tells reports whether the sentence tells of an attack at all.
func (s *Scores) Tells() bool { return s.States(len(s.sums) - 1) }

// MayTell reports whether the sentence may tell of an attack, so that a question about
// it is worth while. One without a thing that is known can't.
func (s *Scores) MayTell() bool {
	last := len(s.sums) - 1
	return len(s.here) > 0 && (s.Tells() || s.reach(s.tells, s.m.Labels[last].Hint))
}

// Silent reports whether it hardly can.
func (s *Scores) Silent() bool { return s.Doubts(len(s.sums) - 1) }

// Near reports whether the sentence may state a label that it isn't found to state, and
// how near it came to that, in thousandths of the way from a question.
func (s *Scores) Near(label int) (int, bool) {
	l, sum := &s.m.Labels[label], s.sum(label)
	if sum <= 0 || !s.MayTell() || !s.reach(sum, l.Hint) {
		return 0, false
	}
	way := max(1, int64(l.State)-int64(l.Hint))
	return int(min(max(0, ((sum<<16)/s.root-int64(l.Hint))*whole1000/way), whole1000)), true
}

// whole1000 is the whole way, in thousandths.
const whole1000 = 1000

// Doubts reports whether the sentence can hardly state a label.
func (s *Scores) Doubts(label int) bool { return !s.reach(s.alone(label), s.m.Labels[label].Doubt) }

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
func (s *Scores) Best(label int) (start, end int32, ok bool) {
	best := int64(0)
	for _, k := range s.known {
		if k.end == k.start || !within(k.start, k.end, s.start, s.end) {
			continue
		}
		if says := s.m.says(k.number-1, label); says > best {
			best, start, end, ok = says, k.start, k.end, true
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
	at := &m.points[feature]
	for a, x := range m.turn(label) {
		sum += int64(x) * (int64(at[a]) - raised)
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
		data = m.points[i].append(data)
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
		at := f.bytes(f.count())
		if len(at) != 0 && len(at) != axes {
			return nil, fmt.Errorf("%w: broken at its points", ErrModel)
		}
		m.points = append(m.points, pointOf(at))
	}
	if f.broken || len(f.data) > 0 {
		return nil, fmt.Errorf("%w: too short or too long", ErrModel)
	}
	m.index()
	return m, nil
}
