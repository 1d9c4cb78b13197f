package doctor_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"isac/internal/doctor"
	"isac/internal/locale"
)

var now = time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)

// well is a hub with nothing the matter.
func well() (doctor.Outside, doctor.Inside) {
	o := doctor.Outside{Free: 90 << 30, Size: 100 << 30, Needed: 200 << 20, Bound: 1 << 30, Backup: now.Add(-time.Hour), Ends: []time.Time{now.AddDate(1, 0, 0)}}
	in := doctor.Inside{Storing: true, Room: true, View: true, Turned: now, Now: now, Moderators: 8, Members: 20, Late: map[string]int{"links": 0}}
	return o, in
}

// TestEachIllnessIsFound takes a healthy hub and makes one thing wrong.
func TestEachIllnessIsFound(t *testing.T) {
	o, in := well()
	if found := doctor.Judge(o, &in, now); doctor.Worst(found) != doctor.OK {
		t.Fatalf("a healthy hub: %v", found)
	}
	for want, ill := range map[string]func(*doctor.Outside, *doctor.Inside){
		"doctor.folder.missing":     func(o *doctor.Outside, _ *doctor.Inside) { o.NoFolder = true },
		"doctor.folder.open":        func(o *doctor.Outside, _ *doctor.Inside) { o.Open = []string{"keys"} },
		"doctor.folder.foreign":     func(o *doctor.Outside, _ *doctor.Inside) { o.Foreign = 1 },
		"doctor.settings.wrong":     func(o *doctor.Outside, _ *doctor.Inside) { o.Settings = "isacd.bad-settings" },
		"doctor.disk.low":           func(o *doctor.Outside, _ *doctor.Inside) { o.Free = 1 << 30 },
		"doctor.disk.full":          func(o *doctor.Outside, _ *doctor.Inside) { o.Free = 1 << 20 },
		"doctor.memory.unknown":     func(o *doctor.Outside, _ *doctor.Inside) { o.Needed, o.Bound = 0, 0 },
		"doctor.memory.short":       func(o *doctor.Outside, _ *doctor.Inside) { o.Bound = o.Needed - 1 },
		"doctor.clock.unkept":       func(o *doctor.Outside, _ *doctor.Inside) { o.Unsynced = true },
		"doctor.clock.behind":       func(o *doctor.Outside, _ *doctor.Inside) { o.Future = 3 },
		"doctor.certificate.none":   func(o *doctor.Outside, _ *doctor.Inside) { o.Ends = nil },
		"doctor.certificate.ending": func(o *doctor.Outside, _ *doctor.Inside) { o.Ends = append(o.Ends, now.AddDate(0, 0, 20)) },
		"doctor.certificate.ended":  func(o *doctor.Outside, _ *doctor.Inside) { o.Ends = append(o.Ends, now.AddDate(0, 0, -1)) },
		"doctor.backup.none":        func(o *doctor.Outside, _ *doctor.Inside) { o.Backup = time.Time{} },
		"doctor.backup.aging":       func(o *doctor.Outside, _ *doctor.Inside) { o.Backup = now.AddDate(0, 0, -3) },
		"doctor.backup.old":         func(o *doctor.Outside, _ *doctor.Inside) { o.Backup = now.AddDate(0, 0, -9) },
		"doctor.streams.stopped":    func(_ *doctor.Outside, in *doctor.Inside) { in.Storing = false },
		"doctor.streams.full":       func(_ *doctor.Outside, in *doctor.Inside) { in.Room = false },
		"doctor.streams.limit":      func(_ *doctor.Outside, in *doctor.Inside) { in.Full = []string{"VAULT"} },
		"doctor.streams.account":    func(_ *doctor.Outside, in *doctor.Inside) { in.Limit, in.Bytes = 100, 90 },
		"doctor.streams.replicas":   func(_ *doctor.Outside, in *doctor.Inside) { in.Replicas = []string{"CASES"} },
		"doctor.view.unreadable":    func(_ *doctor.Outside, in *doctor.Inside) { in.View = false },
		"doctor.view.behind":        func(_ *doctor.Outside, in *doctor.Inside) { in.Behind = 5000 },
		"doctor.queue.stuck":        func(_ *doctor.Outside, in *doctor.Inside) { in.Waiting, in.Oldest = 2, time.Hour },
		"doctor.clocks.stopped":     func(_ *doctor.Outside, in *doctor.Inside) { in.Turned = now.Add(-time.Hour) },
		"doctor.clocks.missed":      func(_ *doctor.Outside, in *doctor.Inside) { in.Missed = 1 },
		"doctor.clocks.late":        func(_ *doctor.Outside, in *doctor.Inside) { in.Alarms = map[string]int{"full-late": 1} },
		"doctor.key.next":           func(o *doctor.Outside, _ *doctor.Inside) { o.Next = true },
		"doctor.key.misplaced":      func(o *doctor.Outside, _ *doctor.Inside) { o.Misplaced = true },
		"doctor.signer.replaced":    func(_ *doctor.Outside, in *doctor.Inside) { in.Unsigned, in.Replaced = true, true },
		"doctor.signer.unsure":      func(_ *doctor.Outside, in *doctor.Inside) { in.Unsigned, in.Replaced, in.Unsure = true, true, true },
		"doctor.signer.away":        func(_ *doctor.Outside, in *doctor.Inside) { in.Unsigned = true },
		"doctor.signer.long":        func(_ *doctor.Outside, in *doctor.Inside) { in.Unsigned, in.TooLong = true, true },
		"doctor.moderators.few":     func(_ *doctor.Outside, in *doctor.Inside) { in.Moderators = 3 },
		"doctor.moderators.short":   func(_ *doctor.Outside, in *doctor.Inside) { in.Short = 2 },
		"doctor.retention.overdue":  func(_ *doctor.Outside, in *doctor.Inside) { in.Late["votes"] = 1 },
	} {
		o, in := well()
		ill(&o, &in)
		found := doctor.Judge(o, &in, now)
		at := slices.IndexFunc(found, func(f doctor.Finding) bool { return f.Text() == want })
		if at < 0 {
			t.Errorf("%s isn't found: %v", want, found)
			continue
		}
		for _, lang := range locale.Languages {
			if locale.Text(lang, want) == want {
				t.Errorf("%s has no text in %s", want, lang)
			}
		}
	}
}

func TestEveryAnswerHasAText(t *testing.T) {
	o, in := well()
	all := doctor.Judge(o, &in, now)
	all = append(all, doctor.Judge(o, nil, now)...)
	o.Unreached = true
	for _, f := range append(all, doctor.Judge(o, nil, now)...) {
		for _, lang := range locale.Languages {
			if locale.Text(lang, f.Text()) == f.Text() {
				t.Errorf("%s has no text in %s", f.Text(), lang)
			}
		}
	}
}

// TestLook looks at a real folder.
func TestLook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hub")
	must(t, os.MkdirAll(filepath.Join(dir, "keys"), 0o700))
	key := filepath.Join(dir, "keys", "alert.key")
	must(t, os.WriteFile(key, []byte("x"), 0o600))
	o := doctor.Look(dir, time.Now())
	if len(o.Open) != 0 || o.Future != 0 || o.Size == 0 || o.Free == 0 || o.NoFolder {
		t.Errorf("a good folder: %+v", o)
	}
	must(t, os.Chmod(key, 0o640))
	must(t, os.Chtimes(key, time.Time{}, time.Now().Add(time.Hour)))
	o = doctor.Look(dir, time.Now())
	if !slices.Equal(o.Open, []string{"keys/alert.key"}) || o.Future != 1 {
		t.Errorf("an open key of tomorrow: %+v", o)
	}
	if !doctor.Look(filepath.Join(dir, "none"), time.Now()).NoFolder {
		t.Error("a folder that isn't there is looked at")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
