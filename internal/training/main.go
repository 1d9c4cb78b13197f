// Command training makes the learned reader of package prose from the sentences in
// hub/prose/training, or measures it by sentences. It is run where the repository lies.
//
//	go run ./internal/training                  # makes hub/vocab/data/learned.bin
//	go run ./internal/training -measure         # how well the blind sentences are read
//	go run ./internal/training -measure -errors 'training/ja-*.tsv'
package main

import (
	"flag"
	"fmt"
	"os"

	"isac/hub/profile"
	"isac/hub/prose"
	"isac/hub/prose/learned"
	"isac/hub/prose/training"
	"isac/hub/vocab"
)

const root = "hub/prose"

func main() {
	model := flag.String("model", "hub/vocab/data/learned.bin", "the file of the model")
	measure := flag.Bool("measure", false, "measure, by the blind sentences or by the files that are named")
	errors := flag.Bool("errors", false, "print what is read wrongly")
	flag.Parse()
	var err error
	if *measure {
		files := training.Blind
		if flag.NArg() > 0 {
			files = flag.Args()
		}
		err = measured(*model, files, *errors)
	} else {
		err = made(*model)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// made learns and writes the model.
func made(path string) error {
	files := os.DirFS(root)
	reports, err := training.Reports(files, training.Taught...)
	if err != nil {
		return err
	}
	digest, err := training.Digest(files)
	if err != nil {
		return err
	}
	x := prose.NewTaught(vocab.Default(profile.HealthcareJP()), learned.Untaught().Append(nil))
	m, left := learned.Train(training.Examples(x, reports), training.Options)
	m.From = digest
	data := m.Append(nil)
	fmt.Printf("%d reports, %d labels, %d bytes\n", len(reports), len(m.Labels), len(data))
	fmt.Printf("left out and read: of %d that patterns don't read %d right, %d wrong; asked %d right, %d wrong\n", left.Stated, left.Right, left.Wrong, left.Asked, left.InVain)
	err = os.WriteFile(path, data, 0o644)
	if err != nil {
		return fmt.Errorf("writing the model: %w", err)
	}
	return nil
}

// measured prints how well sentences are read with a model.
func measured(path string, files []string, errors bool) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the model: %w", err)
	}
	reports, err := training.Reports(os.DirFS(root), files...)
	if err != nil {
		return err
	}
	x := prose.NewTaught(vocab.Default(profile.HealthcareJP()), data)
	for _, lang := range []string{"ja", "en"} {
		m := training.Measure(x, reports, lang)
		if errors {
			for _, e := range m.Errors {
				fmt.Println(e)
			}
		}
		fmt.Printf("%s: silent %.3f of %d\n", lang, float64(m.Quiet)/float64(max(1, m.Silent)), m.Silent)
		fmt.Printf("  asked: %d right, %d wrong; recall once the right ones are ticked %.3f\n", m.Asked.Right, m.Asked.Wrong, m.Ticked())
		for _, c := range append([]string{"all"}, training.Classes...) {
			n := m.Counts[c]
			fmt.Printf("  %-10s recall %.3f precision %.3f (%d right, %d missed, %d too much)\n", c, n.Recall(), n.Precision(), n.Right, n.Missed, n.Wrong)
		}
	}
	return nil
}
