// Package locale gives texts for people, in Japanese or English, by key. The
// texts stand in web/locale/<language>/<room>.toml; both languages have the same
// keys, which a test holds. It trusts the embedded files and nothing else: an
// unknown key gives the key itself, never a panic.
//
//	locale.Text("ja", "error.conflict")
//	locale.Text("en", "register.bad-cell", "17", "ipv4")
package locale

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"isac/hub"
	"isac/web"
)

// Languages are the languages that every text has.
var Languages = []string{"ja", "en"}

var texts = sync.OnceValue(func() map[string]map[string]string {
	all, err := read(web.Locale)
	if err != nil {
		panic(err) // embedded files; a test reads them all
	}
	return all
})

func read(files fs.FS) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range Languages {
		all[lang] = map[string]string{}
		names, err := fs.Glob(files, path.Join("locale", lang, "*.toml"))
		if err != nil {
			return nil, fmt.Errorf("reading texts: %w", err)
		}
		for _, name := range names {
			err := readFile(files, name, all[lang])
			if err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func readFile(files fs.FS, name string, into map[string]string) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("reading texts: %w", err)
	}
	var m map[string]string
	err = toml.Unmarshal(data, &m)
	if err != nil {
		return fmt.Errorf("reading texts %s: %w", name, err)
	}
	for k, v := range m {
		if _, twice := into[k]; twice {
			return fmt.Errorf("reading texts %s: key %s stands twice", name, k)
		}
		into[k] = v
	}
	return nil
}

// Text returns the text of key in lang, with {0}, {1}, … replaced by args. A
// missing language reads Japanese; a missing key reads as itself.
func Text(lang, key string, args ...string) string {
	in, ok := texts()[lang]
	if !ok {
		in = texts()["ja"]
	}
	text, ok := in[key]
	if !ok {
		text = strings.Join(append([]string{key}, args...), " ")
	}
	var pairs []string // replaced in one pass: an argument may hold a "{1}" of its own
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", a)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Has reports whether key has a text in both languages.
func Has(key string) bool {
	for _, lang := range Languages {
		if _, ok := texts()[lang][key]; !ok {
			return false
		}
	}
	return true
}

// Error returns what a person should read of err: the text of the first hub.Error
// in it, else the general text for something internal.
func Error(lang string, err error) string {
	if h, ok := errors.AsType[*hub.Error](err); ok && h.Text != "" {
		return Text(lang, h.Text, h.Args...)
	}
	return Text(lang, "error.internal")
}

// Problem returns what a reporter should read of p, without its path. Of a report
// that can't be read the rule is the error's own text.
func Problem(lang string, p hub.Problem) string {
	if Has(p.Rule) {
		return Text(lang, p.Rule, p.Args...)
	}
	return Text(lang, "problem."+p.Rule, p.Args...)
}

// FromEnv picks the language of a terminal: LC_ALL, LC_MESSAGES, LANG in this
// order; Japanese unless it says English or plain C.
func FromEnv() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := os.Getenv(name)
		if v == "" {
			continue
		}
		if strings.HasPrefix(v, "ja") {
			return "ja"
		}
		return "en"
	}
	return "ja"
}
