package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"isac/hub/find"
)

// rowBytes is the length of a sentence's row: a collision would only hide one sentence
// behind another from the search.
const rowBytes = 6

// sentenceRow is where a sentence stands.
func sentenceRow(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return int64(binary.BigEndian.Uint64(append([]byte{0, 0}, sum[:rowBytes]...)))
}

// putSentences stores what an alert says. Sentences that no alert had before wait for
// the end of the transaction, since the index takes them quickest in order.
func putSentences(tx *transaction, r AlertRow) error {
	if len(r.Sentences) == 0 {
		return nil
	}
	list := make([]byte, 0, rowBytes*len(r.Sentences))
	for _, text := range r.Sentences {
		row, met := tx.said[text]
		if !met {
			row = sentenceRow(text)
			tx.said[text] = row
		}
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(row))
		list = append(list, b[8-rowBytes:]...)
	}
	_, err := tx.run("INSERT INTO said (number, sentences) VALUES (?, ?)", r.Number, list)
	return err
}

// index enters the sentences that the transaction has met.
func (t *transaction) index() error {
	type sentence struct {
		row  int64
		text string
	}
	var list []sentence
	for text, row := range t.said {
		list = append(list, sentence{row, text})
	}
	slices.SortFunc(list, func(a, b sentence) int { return cmp.Compare(a.row, b.row) })
	for _, s := range list {
		res, err := t.run("INSERT INTO sentences (row, text) VALUES (?, ?) ON CONFLICT (row) DO NOTHING", s.row, s.text)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err == nil && n > 0 {
			_, err = t.run("INSERT INTO words (docid, tokens) VALUES (?, ?)", s.row, find.Words(s.text))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unsay deletes what an alert says, and every sentence that no alert says any more. All
// lists are read: it happens at a recall only.
func unsay(tx *transaction, number uint64) error {
	_, err := tx.run("DELETE FROM said WHERE number = ?", number)
	if err != nil {
		return err
	}
	still, err := tx.stillSaid()
	if err != nil {
		return err
	}
	gone, err := tx.numbers("SELECT row FROM sentences")
	if err != nil {
		return err
	}
	gone = slices.DeleteFunc(gone, func(row int64) bool { return still[row] })
	for _, row := range gone {
		for _, q := range []string{"DELETE FROM words WHERE docid = ?", "DELETE FROM sentences WHERE row = ?"} {
			_, err := tx.run(q, row)
			if err != nil {
				return err
			}
		}
	}
	if len(gone) > 0 { // the index keeps what it lost until it is merged
		_, err = tx.run("INSERT INTO words (words) VALUES ('optimize')")
	}
	return err
}

// stillSaid are the rows of sentences that some alert says, those of this transaction
// among them.
func (t *transaction) stillSaid() (map[int64]bool, error) {
	rows, err := t.Query("SELECT sentences FROM said")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	still := map[int64]bool{}
	for rows.Next() {
		var list []byte
		err := rows.Scan(&list)
		if err != nil {
			return nil, err
		}
		for _, row := range sentenceRows(list) {
			still[row] = true
		}
	}
	for text, row := range t.said {
		if !still[row] {
			delete(t.said, text)
		}
	}
	return still, rows.Err()
}

func sentenceRows(list []byte) []int64 {
	out := make([]int64, 0, len(list)/rowBytes)
	for one := range slices.Chunk(list, rowBytes) {
		out = append(out, int64(binary.BigEndian.Uint64(append([]byte{0, 0}, one...))))
	}
	return out
}

func (t *transaction) numbers(query string) (out []int64, err error) {
	rows, err := t.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		err := rows.Scan(&n)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Saying returns the rows of the sentences in which a phrase of find.Phrase stands.
func (p *Public) Saying(ctx context.Context, phrase string) (out []int64, err error) {
	rows, err := p.db.QueryContext(ctx, "SELECT docid FROM words WHERE words MATCH ?", phrase)
	if err != nil {
		return nil, fmt.Errorf("searching sentences: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row int64
		err := rows.Scan(&row)
		if err != nil {
			return nil, fmt.Errorf("searching sentences: %w", err)
		}
		out = append(out, row)
	}
	err = rows.Err()
	if err != nil {
		return nil, fmt.Errorf("searching sentences: %w", err)
	}
	return out, nil
}
