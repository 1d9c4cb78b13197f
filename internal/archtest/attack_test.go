package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheHubDoesNotKnowItsAttackers: nothing below hub, test or not, names the attack
// suite, whose sentences and templates must be new to it.
func TestTheHubDoesNotKnowItsAttackers(t *testing.T) {
	files := 0
	err := filepath.WalkDir("../../hub", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files++
		if strings.Contains(string(data), "internal/attack") {
			t.Errorf("%s names the attack suite", path)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Fatal(files, err)
	}
}
