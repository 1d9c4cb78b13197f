// Command dist makes what is installed of the hub: static programs, a tarball, a Debian
// package and a bill of materials (CycloneDX). Packing gives the same bytes for the same
// programs; that the programs are the same from build to build is what --check asks.
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
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "dist", "folder to write")
	version := flag.String("version", "0.0.0", "version of the packages")
	check := flag.Bool("check", false, "build twice in different folders and compare")
	flag.Parse()
	run := func() error { return distribute(*out, *version) }
	if *check {
		run = twice
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
	built, err := build(".", "")
	if err != nil {
		return err
	}
	bill, err := materials(built["isacd"], version)
	if err != nil {
		return err
	}
	files, err := contents(built, bill)
	if err != nil {
		return err
	}
	var tarball, deb bytes.Buffer
	err = errors.Join(writeTarball(&tarball, "isac-"+version, files), writeDeb(&deb, version, files))
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"isac": built["isac"], "isacd": built["isacd"], "isac.cdx.json": bill,
		"isac-" + version + "-linux-" + arch + ".tar.gz": tarball.Bytes(), "isac_" + version + "_" + arch + ".deb": deb.Bytes(),
	} {
		err := os.WriteFile(filepath.Join(out, name), data, mode(name))
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
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

// twice builds the programs from two copies of the source, without a common cache.
func twice() error {
	var first map[string][]byte
	for i := range 2 {
		dir, err := os.MkdirTemp("", fmt.Sprintf("isac-build-%d-", i))
		if err != nil {
			return fmt.Errorf("making folder: %w", err)
		}
		defer os.RemoveAll(dir)
		source := filepath.Join(dir, "source")
		for _, part := range []string{"cmd", "hub", "internal", "schemas", "web"} {
			err = errors.Join(err, os.CopyFS(filepath.Join(source, part), os.DirFS(part)))
		}
		for _, file := range []string{"go.mod", "go.sum"} {
			data, readErr := os.ReadFile(file)
			err = errors.Join(err, readErr, os.WriteFile(filepath.Join(source, file), data, 0o644))
		}
		if err != nil {
			return fmt.Errorf("copying the source: %w", err)
		}
		built, err := build(source, filepath.Join(dir, "cache"))
		if err != nil {
			return err
		}
		if first == nil {
			first = built
			continue
		}
		for name, data := range built {
			if !bytes.Equal(data, first[name]) {
				return fmt.Errorf("%s differs between two builds", name)
			}
			fmt.Printf("%s: %d bytes, the same twice\n", name, len(data))
		}
	}
	return nil
}
