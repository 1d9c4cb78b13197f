package outlet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
)

// syslog sends one message an alert (RFC 5424): by TLS (RFC 5425), by TCP with the same
// counted frames (RFC 6587), or by UDP (RFC 5426), which nobody confirms.
type syslog struct {
	network, address string
	tls              *tls.Config // nil for none
	host             string
}

// patience is how long one alert may take.
const patience = 30 * time.Second

// longestDatagram is what fits where nothing is known of the network between (RFC 5426, 3.2).
const longestDatagram = 1180

func (s settings) syslog() (way, error) {
	u, err := url.Parse(s.Syslog)
	if err != nil || u.Port() == "" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		return nil, s.bad("syslog", err)
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "-"
	}
	w := syslog{network: "tcp", address: u.Host, host: host}
	switch u.Scheme {
	case "tls":
		w.tls, err = s.encrypted(u.Hostname())
		if err != nil {
			return nil, err
		}
	case "tcp":
	case "udp":
		w.network = "udp"
	default:
		return nil, s.bad("syslog", nil)
	}
	return w, nil
}

// encrypted is TLS to a server, with the certificates that the settings name.
func (s settings) encrypted(server string) (*tls.Config, error) {
	c := &tls.Config{ServerName: server, MinVersion: tls.VersionTLS12}
	var err error
	c.RootCAs, err = s.roots()
	if err != nil || s.Certificate == "" {
		return c, err
	}
	pair, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return nil, s.bad("certificate", err)
	}
	c.Certificates = []tls.Certificate{pair}
	return c, nil
}

// roots are the system's where no authority is named: nil.
func (s settings) roots() (*x509.CertPool, error) {
	if s.CA == "" {
		return nil, nil
	}
	data, err := s.read("ca", s.CA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, s.bad("ca", errors.New("no certificate in it"))
	}
	return pool, nil
}

func (w syslog) send(ctx context.Context, e deliver.Entry) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := w.dial(ctx)
	if err != nil {
		return fmt.Errorf("reaching the syslog server: %w", err)
	}
	defer conn.Close()
	end, _ := ctx.Deadline()
	err = conn.SetDeadline(end)
	if err != nil {
		return fmt.Errorf("sending by syslog: %w", err)
	}
	text := w.message(e)
	if w.network == "udp" {
		_, err = io.WriteString(conn, cut(text, longestDatagram))
	} else {
		_, err = io.WriteString(conn, strconv.Itoa(len(text))+" "+text)
	}
	if err == nil && w.network != "udp" {
		err = settled(conn)
	}
	if err != nil {
		return fmt.Errorf("sending by syslog: %w", err)
	}
	return nil
}

func (w syslog) dial(ctx context.Context) (net.Conn, error) {
	if w.tls != nil {
		d := tls.Dialer{Config: w.tls}
		return d.DialContext(ctx, w.network, w.address)
	}
	var d net.Dialer
	return d.DialContext(ctx, w.network, w.address)
}

// grace is how long a server is waited for after the last byte. Many say nothing; one that
// refuses the connection or its certificate does so then.
const grace = 2 * time.Second

// settled ends sending, and sees whether the server broke the connection off.
func settled(conn net.Conn) error {
	half, ok := conn.(interface{ CloseWrite() error })
	if ok {
		err := half.CloseWrite()
		if err != nil {
			return err
		}
	}
	err := conn.SetReadDeadline(time.Now().Add(grace))
	if err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	if errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// cut takes off what is too long, and no half sign.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// message is one alert: what it is as structured data, its title as text. 32473 is the
// number kept for examples (RFC 5612): an operator maps it.
func (w syslog) message(e deliver.Entry) string {
	data := fmt.Sprintf(`[isac@32473 number="%d" id="%s" kind="%s" stage="%s" severity="%s" tlp="%s"]`,
		e.Number, inData.Replace(e.ID), e.Kind, e.Stage, e.Severity, e.TLP)
	return fmt.Sprintf("<%d>1 %s %s isac - alert %s \ufeff%s", priority(e.Severity), e.Published.UTC().Format("2006-01-02T15:04:05.000Z"), printable(w.host), data, nameOf(e.Bundle))
}

// inData escapes what ends a value of structured data (section 6.3.3).
var inData = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "]", `\]`)

// printable is a name as a head may hold it (section 6).
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, name)
	if name == "" {
		return "-"
	}
	return name[:min(len(name), 255)]
}

// priority is facility 13, log audit, with a severity (section 6.2.1).
func priority(s hub.Severity) int {
	switch s {
	case hub.Critical:
		return 106
	case hub.High:
		return 107
	case hub.Medium:
		return 108
	}
	return 109
}
