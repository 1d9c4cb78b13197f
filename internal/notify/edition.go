package notify

import (
	"context"
	"strconv"

	"isac/hub"
	"isac/hub/edition"
	"isac/hub/notice"
	"isac/internal/store"
)

// A relay partner who is given what everybody may read, and no more, is told of editions
// alone, by mail and at once: other people wait for it.

// ofEdition are the messages to such a partner of one entry.
func (n *Notifier) ofEdition(ctx context.Context, p reader, a hub.Alert) ([]store.Message, error) {
	if !p.Mail.Working() || a.Kind == hub.Updated {
		return nil, nil
	}
	_, err := n.Public.Edition(ctx, edition.ID(a.ID))
	if hub.KindOf(err) == hub.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []store.Message{n.message(p.ID, mailChannel, "edition "+strconv.FormatUint(a.Number, 10), a.Published)}, nil
}

// edition is the mail of the edition of an entry; ok is false where people decided on a
// newer one, of which another mail tells.
func (n *Notifier) edition(ctx context.Context, number, lang string) (out notice.Mail, ok bool, err error) {
	at, err := strconv.ParseUint(number, 10, 64)
	if err != nil || at == 0 {
		return notice.Mail{}, false, nil
	}
	rows, err := n.Public.Entries(ctx, at-1, 1)
	if err != nil || len(rows) == 0 || rows[0].Number != at {
		return notice.Mail{}, false, err
	}
	id := edition.ID(rows[0].ID)
	newest, err := n.Public.Edition(ctx, id)
	if err != nil || newest.Number != at && newest.Kind != hub.Updated {
		return notice.Mail{}, false, err
	}
	if !newest.Kind.Back() && newest.Bundle != nil {
		e, has, err := edition.Of(newest.Bundle)
		if err == nil && has {
			out, err = n.Words.Edition(n.Library, e, lang)
		}
		if err != nil || has {
			return out, has && err == nil, err
		}
	}
	return n.Words.EditionBack(id, newest.Published, lang), true, nil
}
