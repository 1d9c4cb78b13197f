package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// settle is how long a started hub is left alone before its memory is read: some
// seconds, fewer where few rounds are asked for.
func (r *run) settle() time.Duration { return time.Duration(min(r.Rounds, 5)) * time.Second }

// process measures the command itself as a process of its own: the time from its
// start until it takes reports, and its resident memory when it has nothing to do,
// with the whole sector list and, as yardstick, with an empty data folder.
func (r *run) process(ctx context.Context) error {
	r.Progress("start")
	if len(r.Hub) == 0 {
		return errors.New("no command to start")
	}
	full, empty := filepath.Join(r.dir, "full"), filepath.Join(r.dir, "empty")
	n, err := r.start(ctx, full)
	if err == nil {
		err = n.Close()
	}
	if err != nil {
		return err
	}
	started := func(dir string) func() (float64, error) {
		return func() (float64, error) {
			p, took, err := r.serve(ctx, dir)
			if err != nil {
				return 0, err
			}
			return milliseconds(took), p.stop()
		}
	}
	value, yardstick, err := alternate(min(r.Rounds, 5), started(full), started(empty))
	if err != nil {
		return err
	}
	start := figure("start", value, yardstick)
	r.Progress("memory")
	value, err = r.memory(ctx, full)
	if err != nil {
		return err
	}
	yardstick, err = r.memory(ctx, empty)
	if err != nil {
		return err
	}
	r.result.Figures = append(r.result.Figures, figure("memory", value, yardstick), start)
	return nil
}

// memory is the resident memory in MB of a hub with nothing to do.
func (r *run) memory(ctx context.Context, dir string) (float64, error) {
	p, _, err := r.serve(ctx, dir)
	if err != nil {
		return 0, err
	}
	select {
	case <-time.After(r.settle()):
	case <-ctx.Done():
	}
	resident, err := residentBytes(p.Process.Pid)
	return float64(resident) / 1e6, errors.Join(err, p.stop())
}

// served is a hub in a process of its own.
type served struct {
	*exec.Cmd
	url string
}

var address = regexp.MustCompile(`https?://\S+`)

// serve starts the hub on a data folder and returns when it takes reports.
func (r *run) serve(ctx context.Context, dir string) (*served, time.Duration, error) {
	config := dir + ".toml"
	err := os.WriteFile(config, fmt.Appendf(nil, "data = %q\nlisten = \"127.0.0.1:0\"\nnats_listen = \"127.0.0.1:0\"\nrate = 1000000\n", dir), 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("writing settings: %w", err)
	}
	p := &served{Cmd: exec.CommandContext(ctx, r.Hub[0], "serve", "--config", config)}
	if len(r.Hub) > 1 {
		p.Args[0] = r.Hub[1]
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, 0, fmt.Errorf("starting the hub: %w", err)
	}
	start := time.Now()
	err = p.Start()
	if err != nil {
		return nil, 0, fmt.Errorf("starting the hub: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	p.url = address.FindString(line)
	if err == nil {
		err = ready(ctx, p.url)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("starting the hub: %w", err), p.stop())
	}
	return p, time.Since(start), nil
}

// ready asks until the hub says that it takes reports.
func ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			return err
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// stop tells the hub to end, and ends it when it doesn't within 10 seconds.
func (p *served) stop() error {
	_ = p.Process.Signal(os.Interrupt) // one that has ended already is seen below
	timer := time.AfterFunc(10*time.Second, func() { _ = p.Process.Kill() })
	defer timer.Stop()
	err := p.Wait()
	if err != nil {
		return fmt.Errorf("stopping the hub: %w", err)
	}
	return nil
}

// residentBytes reads what a process holds in memory, as Linux tells it.
func residentBytes(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("reading memory: %w", err)
	}
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == "VmRSS:" {
			kb, err := strconv.ParseInt(string(fields[1]), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("reading memory: no VmRSS")
}
