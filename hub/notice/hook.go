package notice

import (
	"encoding/json"

	"isac/hub"
	"isac/hub/stix"
)

// Format is the form of a message to a program.
type Format string

// The formats: the hub's own, an incoming webhook of Slack, and a workflow of Microsoft
// Teams that takes an adaptive card.
const (
	JSON  Format = "json"
	Slack Format = "slack"
	Teams Format = "teams"
)

// Formats lists all formats.
func Formats() []Format { return []Format{JSON, Slack, Teams} }

// event is the hub's own format. It holds what stands in a mail, in both languages.
type event struct {
	Type      string                       `json:"type"` // "alert", "test"
	Number    uint64                       `json:"number,omitempty"`
	ID        string                       `json:"id,omitempty"`
	Version   int                          `json:"version,omitempty"`
	Kind      hub.AlertKind                `json:"kind,omitempty"`
	Stage     hub.Stage                    `json:"stage,omitempty"`
	Severity  hub.Severity                 `json:"severity,omitempty"`
	TLP       hub.TLP                      `json:"tlp,omitempty"`
	Published string                       `json:"published,omitempty"`
	Link      string                       `json:"link,omitempty"`
	Title     *hub.Text                    `json:"title,omitempty"`
	Flash     map[string]map[string][]line `json:"flash,omitempty"` // language, heading, lines
}

type line = string

// Payload writes a notice in a format; Slack and Teams speak one language.
func (w Writer) Payload(n Notice, f Format, lang string) []byte {
	it := w.item(n, lang)
	it.Sections = n.sections[lang]
	switch f {
	case Slack:
		return marshal(slack(it))
	case Teams:
		return marshal(teams(it))
	}
	a := n.alert
	e := event{
		Type: "alert", Number: a.Number, ID: a.ID, Version: a.Version, Kind: a.Kind, Stage: a.Stage, Severity: a.Severity, TLP: a.TLP,
		Published: stix.FormatTime(a.Published), Link: w.link(a),
	}
	if n.title.JA != "" {
		e.Title, e.Flash = &n.title, map[string]map[string][]line{}
		for lang, list := range n.sections {
			e.Flash[lang] = map[string][]line{}
			for _, s := range list {
				e.Flash[lang][s.Heading] = s.Lines
			}
		}
	}
	return marshal(e)
}

// TestPayload is what a person sends to try an address.
func (w Writer) TestPayload(f Format, lang string) []byte {
	it := item{Title: w.Words(lang, "notice.test.title"), Head: w.Words(lang, "notice.test.text"), Link: w.Base, Read: w.Hub}
	switch f {
	case Slack:
		return marshal(slack(it))
	case Teams:
		return marshal(teams(it))
	}
	return marshal(event{Type: "test"})
}

type object map[string]any

// slackText is the most that a section block of Slack takes, with room to spare.
const slackText = 2800

// slack is a message of blocks. Text is told as plain text, so that nothing in it is
// markup, a mention or a link.
func slack(it item) object {
	plain := func(s string) object { return object{"type": "plain_text", "text": cut(s, slackText), "emoji": false} }
	blocks := []object{{"type": "section", "text": plain(it.Title)}, {"type": "context", "elements": []object{plain(it.Head)}}}
	for _, s := range it.Sections {
		text := s.Heading
		for _, l := range s.Lines {
			text += "\n・" + l
		}
		blocks = append(blocks, object{"type": "section", "text": plain(text)})
	}
	blocks = append(blocks, object{"type": "actions", "elements": []object{{"type": "button", "text": plain(cut(it.Read, 70)), "url": it.Link}}})
	return object{"text": slackPlain(it.Head), "blocks": blocks}
}

// slackPlain writes a fallback text in which nothing is markup.
func slackPlain(s string) string {
	var out []rune
	for _, r := range s {
		switch r {
		case '&':
			out = append(out, []rune("&amp;")...)
		case '<':
			out = append(out, []rune("&lt;")...)
		case '>':
			out = append(out, []rune("&gt;")...)
		default:
			out = append(out, r)
		}
	}
	return string(out)
}

// teams is an adaptive card in the envelope that a workflow takes. A text run shows its
// text as it stands.
func teams(it item) object {
	run := func(s string, more object) object {
		r := object{"type": "TextRun", "text": s}
		for k, v := range more {
			r[k] = v
		}
		return object{"type": "RichTextBlock", "inlines": []object{r}}
	}
	body := []object{run(it.Title, object{"weight": "Bolder", "size": "Medium"}), run(it.Head, object{"isSubtle": true})}
	for _, s := range it.Sections {
		body = append(body, run(s.Heading, object{"weight": "Bolder"}))
		for _, l := range s.Lines {
			body = append(body, run("・"+l, nil))
		}
	}
	card := object{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": body,
		"actions": []object{{"type": "Action.OpenUrl", "title": it.Read, "url": it.Link}},
	}
	return object{"type": "message", "attachments": []object{{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}}}
}

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

func marshal(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("notice: " + err.Error()) // of strings and numbers
	}
	return data
}
