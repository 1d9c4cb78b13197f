package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/locale"
	"isac/internal/node"
	"isac/internal/webui"
)

//go:embed exercises
var exercises embed.FS

// exercise is a scenario file that people play.
type exercise struct {
	Title    hub.Text      `toml:"title"`
	About    hub.Text      `toml:"about"`
	Injects  []injectEntry `toml:"inject"`
	Incident scenario      `toml:"incident"`
}

type injectEntry struct {
	At int      `toml:"at"` // minutes
	To hub.Role `toml:"to"`
	JA string   `toml:"ja"`
	EN string   `toml:"en"`
}

// Exercises are the names of the scenarios that are part of the program.
func Exercises() []string {
	files, err := fs.Glob(exercises, "exercises/*.toml")
	if err != nil {
		panic("demo: " + err.Error()) // the pattern is right
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".toml")
	}
	return files
}

// readExercise reads a scenario: one of the program's by its name, else a file.
func readExercise(name string) (exercise, error) {
	var x exercise
	var data []byte
	var err error
	if slices.Contains(Exercises(), name) {
		data, err = exercises.ReadFile("exercises/" + name + ".toml")
	} else {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return x, &hub.Error{Kind: hub.Invalid, Text: "demo.no-exercise", Args: []string{strings.Join(Exercises(), ", ")}, Err: fmt.Errorf("reading scenario: %w", err)}
	}
	bad := func(what string) error {
		return &hub.Error{Kind: hub.Invalid, Text: "demo.bad-exercise", Args: []string{what}}
	}
	meta, err := toml.Decode(string(data), &x)
	if err != nil {
		return x, bad(err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return x, bad("unknown key " + unknown[0].String())
	}
	switch {
	case x.Title.JA == "" || x.Title.EN == "" || x.About.JA == "" || x.About.EN == "":
		return x, bad("title, about: want both languages")
	case x.Incident.ID == "" || x.Incident.Date == "" || x.Incident.Prose == "":
		return x, bad("incident: want id, date and prose")
	}
	for _, i := range x.Injects {
		if i.JA == "" || i.EN == "" || i.At < 0 || i.To != "" && !slices.Contains(hub.Roles(), i.To) {
			return x, bad(fmt.Sprintf("inject at %d: want both languages, and a role or nobody in to", i.At))
		}
	}
	slices.SortStableFunc(x.Injects, func(a, b injectEntry) int { return a.At - b.At })
	return x, nil
}

// Parts are who is played by people; the rest plays itself.
func Parts() []string { return []string{"everybody", "reporter", "moderators", "nobody"} }

// Play says how an exercise runs.
type Play struct {
	Options
	Scenario string // a name, or a file
	By       string // one of Parts
	Pace     int    // how many times faster than in the scenario
	BaseURL  string // where people reach the pages; from Listen when ""
}

// Exercise runs a hub of its own in which a scenario is played: invented members,
// short clocks, and on everything that it shows or sends that it is an exercise. It
// ends with ctx; where nobody plays and no address to listen on is given, with the release.
func Exercise(ctx context.Context, p Play) error {
	x, err := readExercise(p.Scenario)
	if err != nil {
		return err
	}
	if !slices.Contains(Parts(), p.By) || p.Pace < 1 {
		return hub.E(hub.Invalid, "demo.bad-part", strings.Join(Parts(), ", "))
	}
	p.Members = max(p.Members, 60)
	list, err := invented(p.Members)
	if err != nil {
		return err
	}
	stage := &stageOf{x: x, pace: time.Duration(p.Pace), started: time.Now(), victim: list.Members()[0]} // as assemble has it
	return p.within(func(o Options) error {
		n, err := start(ctx, o, func(c *node.Config) {
			c.Exercise = &webui.Exercise{Title: x.Title, About: x.About, Injects: stage.sofar}
			c.Name, c.BaseURL = "訓練 EXERCISE", p.BaseURL
		})
		if err != nil {
			return err
		}
		err = stage.play(ctx, n, o, p.By)
		return errors.Join(err, n.Close())
	})
}

// stageOf is an exercise that runs.
type stageOf struct {
	x       exercise
	pace    time.Duration
	started time.Time
	victim  hub.Organisation
}

// sofar are the injects whose time has come.
func (s *stageOf) sofar() []webui.Inject {
	var out []webui.Inject
	for _, i := range s.x.Injects {
		at := time.Duration(i.At) * time.Minute
		if time.Since(s.started)*s.pace >= at {
			out = append(out, webui.Inject{At: at, To: i.To, Text: hub.Text{JA: fill(i.JA, s.victim), EN: fill(i.EN, s.victim)}})
		}
	}
	return out
}

func (s *stageOf) play(ctx context.Context, n *node.Node, o Options, by string) error {
	cast, err := assemble(ctx, n, filepath.Join(o.Dir, "people"))
	if err != nil {
		return err
	}
	defer cast.close()
	err = cast.writeCredentials(ctx, n, o.Credentials)
	if err != nil {
		return err
	}
	err = s.announce(ctx, n, cast, o)
	if err != nil {
		return err
	}
	if by == "nobody" {
		out, err := cast.incident(ctx, n, s.x.Incident, s.victim)
		if err != nil {
			return err
		}
		for _, a := range out.alerts {
			say(o, "demo.exercise-released", s.x.Title, fmt.Sprint(a.Number))
		}
		if o.Listen != "" { // somebody looks at it
			<-ctx.Done()
		}
		return nil
	}
	if by == "moderators" {
		_, err = cast.reported(ctx, n, s.x.Incident, s.victim)
		if err != nil {
			return err
		}
	}
	return s.until(ctx, n, cast, o, by == "reporter")
}

// announce tells whoever runs it where people come in.
func (s *stageOf) announce(ctx context.Context, n *node.Node, c *cast, o Options) error {
	say(o, "demo.exercise", s.x.Title, n.PagesURL())
	if o.Credentials != "" {
		say(o, "demo.exercise-file", hub.Text{JA: o.Credentials, EN: o.Credentials})
		return nil
	}
	say(o, "demo.exercise-below", hub.Text{})
	invitations, err := c.invitations(ctx, n)
	if err != nil {
		return err
	}
	for _, who := range slices.Sorted(maps.Keys(invitations)) {
		fmt.Fprintf(o.Out, "  %s  %s\n", who, invitations[who]) // the terminal of whoever runs it
	}
	return nil
}

// until tells each inject when its time comes, and approves where the working group
// plays itself, until ctx ends.
func (s *stageOf) until(ctx context.Context, n *node.Node, c *cast, o Options, approve bool) error {
	shown, approved := 0, map[string]bool{}
	for {
		now := s.sofar()
		for _, i := range now[shown:] {
			say(o, "demo.inject", i.Text, fmt.Sprint(int(i.At.Minutes())), string(i.To))
		}
		shown = len(now)
		if approve {
			err := c.approveOpen(ctx, n, approved, func(review.ModeratorView) bool { return true })
			if err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// say tells a text in both languages, on the terminal of whoever runs it.
func say(o Options, key string, about hub.Text, args ...string) {
	for _, lang := range locale.Languages {
		fmt.Fprintln(o.Out, locale.Text(lang, key, append([]string{about.In(lang)}, args...)...))
	}
}
