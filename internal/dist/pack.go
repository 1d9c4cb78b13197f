package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"time"
)

// beside are the files that go into packages beside the programs.
//
//go:embed *.service *.timer *.toml alerts.yml grafana.json runbook.md
var beside embed.FS

// places say where on a system the files go.
var places = map[string]string{
	"isacd.service": "usr/lib/systemd/system", "isacd-backup.service": "usr/lib/systemd/system", "isacd-backup.timer": "usr/lib/systemd/system",
	"isacd-inner.service": "usr/lib/systemd/system", "isacd-outer.service": "usr/lib/systemd/system",
	"isac-signer.service": "usr/lib/systemd/system", "isac-watch.service": "usr/lib/systemd/system", "isac.toml": "etc/isac", "inner.toml": "etc/isac", "outer.toml": "etc/isac",
	"alerts.yml": "usr/share/doc/isac", "grafana.json": "usr/share/doc/isac", "runbook.md": "usr/share/doc/isac",
}

// contents are all files of a package by their places, without a leading slash.
func contents(built map[string][]byte, bill []byte) (map[string][]byte, error) {
	out := map[string][]byte{"usr/share/doc/isac/isac.cdx.json": bill}
	for name, data := range built {
		out["usr/bin/"+name] = data
	}
	for name, dir := range places {
		data, err := beside.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("packing: %w", err)
		}
		out[path.Join(dir, name)] = data
	}
	return out, nil
}

// epoch dates every file: packages of the same source are the same bytes.
var epoch = time.Unix(0, 0).UTC()

// writeTarball packs files below a folder.
func writeTarball(w io.Writer, top string, files map[string][]byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	made := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := addFolders(t, path.Join(top, path.Dir(name)), made)
		if err == nil {
			err = t.WriteHeader(&tar.Header{Name: join(top, name), Mode: int64(mode(path.Base(name))), Size: int64(len(files[name])), ModTime: epoch, Uname: "root", Gname: "root", Typeflag: tar.TypeReg, Format: tar.FormatGNU})
		}
		if err == nil {
			_, err = t.Write(files[name])
		}
		if err != nil {
			return fmt.Errorf("packing %s: %w", name, err)
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// join keeps the "./" that Debian's tools begin names with.
func join(top, name string) string {
	if top == "." {
		return "./" + name
	}
	return top + "/" + name
}

func addFolders(t *tar.Writer, dir string, made map[string]bool) error {
	if dir == "." || made[dir] {
		return nil
	}
	err := addFolders(t, path.Dir(dir), made)
	if err != nil {
		return err
	}
	made[dir] = true
	return t.WriteHeader(&tar.Header{Name: join(".", dir) + "/", Mode: 0o755, ModTime: epoch, Uname: "root", Gname: "root", Typeflag: tar.TypeDir, Format: tar.FormatGNU})
}

// control describes the package (deb-control(5)). The programs are static, so it needs
// nothing.
const control = `Package: isac
Version: %s
Architecture: %s
Maintainer: ISAC hub <root@localhost>
Installed-Size: %d
Section: net
Priority: optional
Recommends: fonts-noto-cjk
Description: sector information-sharing hub
 Takes in STIX 2.1 incident reports with a name on them, and gives out signed
 alerts without one, in Japanese and English.
`

// postinst makes the users of the hub, and of its outer part. Nothing is started: the settings come first.
const postinst = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
	for user in isac isac-outer; do
		getent passwd "$user" >/dev/null || useradd --system --user-group --home-dir "/var/lib/$user" --shell /usr/sbin/nologin "$user"
	done
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
`

// writeDeb packs files as a Debian package (deb(5)): an ar archive of three members.
func writeDeb(w io.Writer, version string, files map[string][]byte) error {
	size := 0
	for _, data := range files {
		size += len(data)
	}
	var meta, data bytes.Buffer
	z := gzip.NewWriter(&meta)
	t := tar.NewWriter(z)
	for _, f := range []struct {
		name, text string
		mode       int64
	}{{"./conffiles", "/etc/isac/inner.toml\n/etc/isac/isac.toml\n/etc/isac/outer.toml\n", 0o644}, {"./control", fmt.Sprintf(control, version, arch, size/1024), 0o644}, {"./postinst", postinst, 0o755}} {
		err := t.WriteHeader(&tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.text)), ModTime: epoch, Uname: "root", Gname: "root", Typeflag: tar.TypeReg, Format: tar.FormatGNU})
		if err == nil {
			_, err = io.WriteString(t, f.text)
		}
		if err != nil {
			return fmt.Errorf("packing %s: %w", f.name, err)
		}
	}
	err := errors.Join(t.Close(), z.Close(), writeTarball(&data, ".", files))
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "!<arch>\n")
	for _, m := range []struct {
		name string
		data []byte
	}{{"debian-binary", []byte("2.0\n")}, {"control.tar.gz", meta.Bytes()}, {"data.tar.gz", data.Bytes()}} {
		if err == nil {
			_, err = fmt.Fprintf(w, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", m.name, 0, 0, 0, 0o100644, len(m.data))
		}
		if err == nil {
			_, err = w.Write(m.data)
		}
		if err == nil && len(m.data)%2 == 1 {
			_, err = w.Write([]byte{'\n'})
		}
	}
	return err
}
