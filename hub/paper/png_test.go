package paper_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"isac/hub/paper"
)

// Every kind of picture, in both languages and layouts, as hub/picture's tests hold it.
func TestPicturesBecomePNG(t *testing.T) {
	f := letters(t)
	files, err := filepath.Glob("../picture/testdata/*.svg")
	if err != nil || len(files) < 16 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		svg, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := paper.PNG(string(svg), f)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if *keep != "" {
			_ = os.WriteFile(filepath.Join(*keep, filepath.Base(file)+".png"), data, 0o600)
		}
		p, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		ink, all := 0, p.Bounds().Dx()*p.Bounds().Dy()
		for y := range p.Bounds().Dy() {
			for x := range p.Bounds().Dx() {
				if r, _, _, _ := p.At(x, y).RGBA(); r < 0x8000 {
					ink++
				}
			}
		}
		if w := p.Bounds().Dx(); w != 3*720 && w != 3*328 || ink < all/200 || ink > all/3 {
			t.Errorf("%s: %v, %d of %d dots are dark", file, p.Bounds(), ink, all)
		}
	}
}

func TestOtherPicturesAreRefused(t *testing.T) {
	f := letters(t)
	for _, svg := range []string{
		"", "<svg", `<svg width="0" height="10"></svg>`, `<svg width="NaN" height="10"></svg>`, `<svg width="100000000" height="10"></svg>`,
		`<svg width="10" height="10"><image href="http://198.51.100.1/"/></svg>`, `<svg width="10" height="10"><path d="A1 1"/></svg>`,
		`<svg width="10" height="10"><path d="h5"/></svg>`, `<svg width="10" height="10"><path d="M1"/></svg>`, `<svg width="10" height="10"><rect x="a"/></svg>`,
	} {
		if _, err := paper.PNG(svg, f); err == nil {
			t.Errorf("%q was drawn", svg)
		}
	}
}

func TestAFontIsAFont(t *testing.T) {
	if _, err := paper.Read(bytes.NewReader([]byte("no font"))); err == nil {
		t.Error("no font was read")
	}
}

func BenchmarkPDF(b *testing.B) {
	f, s := letters(b), sheet("ja", "full")
	for b.Loop() {
		if _, err := paper.PDF(s, f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	f := letters(b)
	svg, err := os.ReadFile("../picture/testdata/matrix-ja-wide.svg")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := paper.PNG(string(svg), f); err != nil {
			b.Fatal(err)
		}
	}
}
