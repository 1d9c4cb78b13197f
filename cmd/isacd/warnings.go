package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"isac/hub"
	"isac/hub/warning"
)

// maxWarningList bounds one file of warning lists, in bytes.
const maxWarningList = 256 << 20

// warningsOf reads every list below a folder; "" is the hub's own table alone. One
// that can't be read is an error: a list that is silently missing protects nobody.
func warningsOf(dir string) (*warning.Lists, error) {
	if dir == "" {
		return warning.New(), nil
	}
	lists, err := readWarnings(os.DirFS(dir))
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-warning-lists", Args: []string{dir}, Err: err}
	}
	return warning.New(lists...), nil
}

func readWarnings(folder fs.FS) (lists []warning.List, err error) {
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".json") || path.Base(name) == "schema.json" {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > maxWarningList {
			err = fmt.Errorf("larger than %d bytes", maxWarningList)
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		l, err := warning.Read(data)
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		lists = append(lists, l)
		return nil
	})
	if err == nil && len(lists) == 0 {
		err = fmt.Errorf("no list in the folder")
	}
	return lists, err
}
