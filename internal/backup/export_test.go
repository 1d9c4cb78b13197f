package backup

import (
	"filippo.io/age"

	"isac/internal/natsbus"
)

// Order is that of the cuts.
var Order = order

// Small makes segments of so few messages.
func (s *Store) Small(n int) { s.messages = n }

// Subjects lists the subjects of a stream's messages in a backup.
func (s *Store) Subjects(name, stream string, id age.Identity) ([]string, error) {
	m, err := s.read(name)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, st := range m.Streams {
		if st.Name != stream {
			continue
		}
		err := s.each(st, id, 0, func(m natsbus.Message) error {
			out = append(out, m.Subject)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
