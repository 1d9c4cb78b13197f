// Command dist makes what is installed of the hub: static programs, a tarball, a Debian
// package and a bill of materials (CycloneDX), and prints the SHA-256 of each. The same
// source gives the same bytes with the same Go and C compiler, wherever it is built; --check
// asks just that.
// Beside it lie the files that go in: systemd units, settings, alert rules and a
// dashboard for the metrics, the runbook, a file for a container.
//
// It trusts the Go command and the C compiler that it calls.
//
//	go run ./internal/dist --out dist --version 1.0.0
//	go run ./internal/dist --check        # builds twice in different folders and compares
package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	out := flag.String("out", "dist", "folder to write")
	version := flag.String("version", "0.0.0", "version of the packages")
	check := flag.Bool("check", false, "build twice in different folders and compare")
	flag.Parse()
	run := func() error { return distribute(*out, *version) }
	if *check {
		run = func() error { return twice(*version) }
	}
	err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// distribute builds and packs everything into a folder.
func distribute(out, version string) error {
	err := os.MkdirAll(out, 0o755)
	if err != nil {
		return fmt.Errorf("making folder: %w", err)
	}
	made, err := products(".", "", version)
	if err != nil {
		return err
	}
	for name, data := range made {
		err := os.WriteFile(filepath.Join(out, name), data, mode(name))
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return sums(made)
}

// products are all files that are given out, by name, built from the source in a folder;
// temporary is a folder for the build alone, "" for the usual places.
func products(source, temporary, version string) (map[string][]byte, error) {
	built, err := build(source, temporary)
	if err != nil {
		return nil, err
	}
	bill, err := materials(built["isacd"], version)
	if err != nil {
		return nil, err
	}
	files, err := contents(built, bill)
	if err != nil {
		return nil, err
	}
	var tarball, deb bytes.Buffer
	err = errors.Join(writeTarball(&tarball, "isac-"+version, files), writeDeb(&deb, version, files))
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"isac": built["isac"], "isacd": built["isacd"], "isac.cdx.json": bill,
		"isac-" + version + "-linux-" + arch + ".tar.gz": tarball.Bytes(), "isac_" + version + "_" + arch + ".deb": deb.Bytes(),
	}, nil
}

// sums prints what sha256sum would.
func sums(made map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(made)) {
		_, err := fmt.Printf("%x  %s\n", sha256.Sum256(made[name]), name)
		if err != nil {
			return err
		}
	}
	return nil
}

func mode(name string) os.FileMode {
	if name == "isac" || name == "isacd" {
		return 0o755
	}
	return 0o644
}

// twice makes everything from two copies of the source, in folders of different names and
// lengths, without a common cache, and compares.
func twice(version string) error {
	var places [2]string
	for i, name := range []string{"isac-one-", "isac-another-place-"} {
		dir, err := os.MkdirTemp("", name)
		if err != nil {
			return fmt.Errorf("making folder: %w", err)
		}
		defer os.RemoveAll(dir)
		err = copySource(filepath.Join(dir, "source"))
		if err != nil {
			return fmt.Errorf("copying the source: %w", err)
		}
		places[i] = dir
	}
	var made [2]map[string][]byte
	for i, dir := range places {
		var err error
		made[i], err = products(filepath.Join(dir, "source"), filepath.Join(dir, "temporary"), version)
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(made[0])) {
		if !bytes.Equal(made[0][name], made[1][name]) {
			return fmt.Errorf("%s differs between two builds", name)
		}
	}
	return sums(made[0])
}

func copySource(to string) error {
	var err error
	for _, part := range []string{"cmd", "hub", "internal", "schemas", "web"} {
		err = errors.Join(err, os.CopyFS(filepath.Join(to, part), os.DirFS(part)))
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		data, readErr := os.ReadFile(file)
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(to, file), data, 0o644))
	}
	return err
}
