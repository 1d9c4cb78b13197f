package webui

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"isac/hub/find"
	"isac/internal/store"
)

// memory holds what people have asked while they are signed in, so that no address
// names it: the page of a result is found by a random word. It is kept nowhere but in
// the memory of this process, and only who asked can open it. The zero value is ready,
// and safe for concurrent use.
type memory struct {
	mu    sync.Mutex
	asked map[string]remembered
	of    map[string][]string // words by person, the oldest first
}

type remembered struct {
	person string
	until  time.Time
	find.Question
}

// mostRemembered is how many questions of one person are held: the oldest go first.
const mostRemembered = 200

// keep holds a question and returns its word.
func (m *memory) keep(person string, q find.Question, now time.Time) string {
	word := rand.Text()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.asked == nil {
		m.asked, m.of = map[string]remembered{}, map[string][]string{}
	}
	m.forget(now)
	mine := append(m.of[person], word)
	if len(mine) > mostRemembered {
		delete(m.asked, mine[0])
		mine = slices.Clone(mine[1:])
	}
	m.of[person] = mine
	m.asked[word] = remembered{person, now.Add(store.SessionLife), q}
	return word
}

// forget drops what is older than any session.
func (m *memory) forget(now time.Time) {
	for person, words := range m.of {
		left := slices.DeleteFunc(words, func(word string) bool {
			over := !now.Before(m.asked[word].until)
			if over {
				delete(m.asked, word)
			}
			return over
		})
		m.of[person] = left
		if len(left) == 0 {
			delete(m.of, person)
		}
	}
}

// recall returns a question of the person who asked it.
func (m *memory) recall(person, word string, now time.Time) (find.Question, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.asked[word]
	return r.Question, ok && r.person == person && now.Before(r.until)
}
