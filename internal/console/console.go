// Package console is what the two commands isacd and isac share: subcommands,
// flags, help that teaches, answers in the user's language, and exit codes. Texts
// stand in the locale files: "<program>.help", "<program>.<command>.help", and
// "<program>.flag.<name>" for each flag.
//
// It trusts the person at the terminal. An error is told by its public text; the
// cause is told only to an operator (isacd), who must see what failed.
//
//	os.Exit(console.Main(program, os.Args[1:]))
package console

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"isac/hub"
	"isac/internal/locale"
	"isac/internal/outcome"
)

// Program is a command with subcommands.
type Program struct {
	Name     string
	Operator bool // show causes of errors
	Commands []Command
}

// Command is one subcommand: "report", or "member import" with a space.
type Command struct {
	Name string
	Run  func(ctx context.Context, e *Env) error
}

// Env is what a subcommand works with.
type Env struct {
	Flags   *flag.FlagSet
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	Lang    string
	JSON    bool
	program string
	command string
	args    []string
}

// ExitError ends a command with a code of its own and says nothing more.
type ExitError int

func (e ExitError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Usage is an error of how the command was called; exit code 2.
func Usage(text string, args ...string) error { return &usageError{text, args} }

type usageError struct {
	text string
	args []string
}

func (u *usageError) Error() string { return u.text }

// Main runs the subcommand that args name and returns the exit code.
func Main(p Program, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Lang: locale.FromEnv(), program: p.Name}
	args = e.takeLanguage(args)
	if len(args) > 1 && args[0] == "help" && !strings.HasPrefix(args[1], "-") {
		args = append(slices.Clone(args[1:]), "--help")
	}
	if len(args) == 0 || slices.Contains([]string{"help", "--help", "-help", "-h"}, args[0]) {
		fmt.Fprintln(e.Out, locale.Text(e.Lang, p.Name+".help"))
		if len(args) == 0 {
			return 2
		}
		return 0
	}
	c, rest, ok := p.find(args)
	if !ok {
		fmt.Fprintln(e.Err, locale.Text(e.Lang, "console.unknown-command", args[0], p.Name))
		return 2
	}
	e.start(c.Name, rest)
	return e.finish(p, c.Run(ctx, e))
}

// takeLanguage reads --lang before anything else, for the overview and for what is
// mistyped. It may stand before the command as well as behind it.
func (e *Env) takeLanguage(args []string) []string {
	if len(args) > 2 && args[0] == "--lang" {
		args = append(slices.Clone(args[2:]), args[:2]...)
	}
	at := slices.Index(args, "--lang") + 1
	if at > 0 && at < len(args) && slices.Contains(locale.Languages, args[at]) {
		e.Lang = args[at]
	}
	return args
}

// Help returns what --help of a command prints in a language.
func (p Program) Help(c Command, lang string) string {
	var out strings.Builder
	e := &Env{In: strings.NewReader(""), Out: &out, Err: io.Discard, Lang: lang, program: p.Name}
	e.start(c.Name, []string{"--help"})
	_ = c.Run(context.Background(), e) // ends with ExitError(0) after the help
	return out.String()
}

// find prefers the longest name: "member import" before "member".
func (p Program) find(args []string) (Command, []string, bool) {
	for n := min(2, len(args)); n > 0; n-- {
		name := strings.Join(args[:n], " ")
		for _, c := range p.Commands {
			if c.Name == name {
				return c, args[n:], true
			}
		}
	}
	return Command{}, nil, false
}

func (e *Env) start(command string, args []string) {
	e.command, e.args = command, args
	e.Flags = flag.NewFlagSet(e.program+" "+command, flag.ContinueOnError)
	e.Flags.SetOutput(io.Discard)
	e.Flags.StringVar(&e.Lang, "lang", e.Lang, "")
	e.Flags.BoolVar(&e.JSON, "json", false, "")
}

// Parse reads flags (anywhere among the arguments) and wants between least and
// most other arguments, most -1 for any number.
func (e *Env) Parse(least, most int) ([]string, error) {
	var rest []string
	help := false
	for args := e.args; ; {
		err := e.Flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			help, args = true, e.Flags.Args() // a --lang may follow
			continue
		}
		if err != nil {
			return nil, e.badFlag(err)
		}
		if e.Flags.NArg() == 0 {
			break
		}
		rest = append(rest, e.Flags.Arg(0))
		args = e.Flags.Args()[1:]
	}
	if !slices.Contains(locale.Languages, e.Lang) {
		unknown := e.Lang
		e.Lang = locale.FromEnv()
		return nil, Usage("console.no-language", unknown)
	}
	if help {
		e.help()
		return nil, ExitError(0)
	}
	if len(rest) < least || most >= 0 && len(rest) > most {
		return nil, Usage("console.bad-arguments", e.program+" "+e.command)
	}
	return rest, nil
}

// badFlag tells in the user's language what package flag says in English.
func (e *Env) badFlag(err error) error {
	command := e.program + " " + e.command
	for _, c := range []struct{ says, text string }{
		{"flag provided but not defined: ", "console.unknown-flag"},
		{"flag needs an argument: ", "console.no-value"},
		{" for flag ", "console.bad-value"},
		{" for ", "console.bad-value"}, // a boolean
	} {
		_, name, ok := strings.Cut(err.Error(), c.says)
		if ok {
			name, _, _ = strings.Cut(name, ":")
			return Usage(c.text, "-"+name, command)
		}
	}
	return Usage("console.bad-flag", err.Error(), command)
}

func (e *Env) help() {
	fmt.Fprintln(e.Out, e.Text(e.program+"."+strings.ReplaceAll(e.command, " ", "-")+".help"))
	fmt.Fprintln(e.Out)
	e.Flags.VisitAll(func(f *flag.Flag) {
		value := ""
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.Name != "lang" {
			value = " (" + f.DefValue + ")"
		}
		fmt.Fprintf(e.Out, "  --%-14s %s%s\n", f.Name, e.Text(e.program+".flag."+f.Name), value)
	})
}

func (e *Env) finish(p Program, err error) int {
	if exit, ok := errors.AsType[ExitError](err); ok {
		return int(exit)
	}
	if u, ok := errors.AsType[*usageError](err); ok {
		e.tell(failure{hub.Refusal{Kind: "usage", Text: u.text, Args: u.args}, e.Text(u.text, u.args...)})
		return 2
	}
	if err == nil {
		return 0
	}
	text := locale.Error(e.Lang, err)
	refusal := *hub.RefusalOf(err)
	if cause := err.Error(); p.Operator && cause != refusal.Text {
		text += "\n" + cause
	}
	e.tell(failure{refusal, text})
	return outcome.Exit(err)
}

// failure is an error as --json tells it: kind and locale key for programs, message
// for people.
type failure struct {
	hub.Refusal
	Message string `json:"message"`
}

func (e *Env) tell(f failure) {
	if e.JSON {
		_ = json.NewEncoder(e.Err).Encode(f)
		return
	}
	fmt.Fprintln(e.Err, f.Message)
}

// Text returns a locale text in the user's language.
func (e *Env) Text(key string, args ...string) string { return locale.Text(e.Lang, key, args...) }

// Say prints a locale text.
func (e *Env) Say(key string, args ...string) { fmt.Fprintln(e.Out, e.Text(key, args...)) }

// Print writes v as JSON with --json, else calls text.
func (e *Env) Print(v any, text func()) error {
	if !e.JSON {
		text()
		return nil
	}
	err := json.NewEncoder(e.Out).Encode(v)
	if err != nil {
		return fmt.Errorf("writing answer: %w", err)
	}
	return nil
}

// ReadFile reads a file, or standard input for "-"; at most limit bytes.
func (e *Env) ReadFile(name string, limit int64) ([]byte, error) {
	in := e.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: fmt.Errorf("opening file: %w", err)}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "console.no-file", Args: []string{name}, Err: fmt.Errorf("reading file: %w", err)}
	}
	if int64(len(data)) > limit {
		return nil, hub.E(hub.TooLarge, "error.too-large", fmt.Sprintf("%d MiB", limit>>20))
	}
	return data, nil
}
