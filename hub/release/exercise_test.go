package release_test

import (
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/release"
)

// What an exercise releases says so in title, text, labels and campaign, in both
// languages; a bundle that says it in some of these places alone is
// outside the profile.
func TestAnExerciseSaysSo(t *testing.T) {
	r := newRoom(t)
	d := r.draft(t, hub.Full, example())
	ok := r.open(t).approve(d)
	p := r.params()
	p.Hub.Exercise = true
	b, err := release.Build(r.a, ok, p, r.gate)
	if err != nil {
		t.Fatal(err)
	}
	checkBundle(t, b.Bytes())
	a, err := deliver.Inside(b.Bytes())
	if err != nil || a.Number != b.Alert().Number {
		t.Fatalf("a client reads %+v, %v", a, err)
	}
	text := string(b.Bytes())
	for _, want := range []string{`"name":"【訓練 EXERCISE】`, `"name":"[EXERCISE 訓練] `, `"description":"【訓練 EXERCISE】`, `,"` + deliver.ExerciseLabel + `"]`, `"ISAC exercise 1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the bundle", want)
		}
	}
	for without, in := range map[string]string{`,"isac:exercise"`: "", `"name":"【訓練 EXERCISE】`: `"name":"`, `"name":"[EXERCISE 訓練] `: `"name":"`, "ISAC exercise ": "ISAC alert "} {
		if bad := strings.ReplaceAll(text, without, in); bad == text || len(release.CheckProfile([]byte(bad))) == 0 {
			t.Errorf("a bundle without %s is within the profile", without)
		}
	}
	p.Hub.Exercise = false
	b, err = release.Build(r.a, ok, p, r.gate)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(b.Bytes())), "exercise") {
		t.Error("a real alert speaks of an exercise")
	}
	bad := strings.ReplaceAll(string(b.Bytes()), `"version:1"`, `"version:1","isac:exercise"`)
	if len(release.CheckProfile([]byte(bad))) == 0 {
		t.Error("a label alone makes an exercise")
	}
}
