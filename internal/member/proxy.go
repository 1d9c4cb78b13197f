package member

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// proxied dials through the proxy that the environment names (HTTPS_PROXY, NO_PROXY),
// for places where nothing but the web goes out.
type proxied struct {
	of func(*http.Request) (*url.URL, error)
}

// Dial is for nats.CustomDialer.
func (p proxied) Dial(network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	var d net.Dialer
	proxy, err := p.of(&http.Request{URL: &url.URL{Scheme: "https", Host: address}})
	if err != nil || proxy == nil {
		return d.DialContext(ctx, network, address)
	}
	conn, err := d.DialContext(ctx, "tcp", proxy.Host)
	if err != nil {
		return nil, fmt.Errorf("reaching the proxy: %w", err)
	}
	err = tunnel(ctx, conn, proxy, address)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("asking the proxy: %w", err)
	}
	return conn, nil
}

// tunnel asks a proxy to pass everything on. Nothing comes before it is asked for, so
// that no byte behind the answer is lost in the reader.
func tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, address string) error {
	end, _ := ctx.Deadline()
	err := conn.SetDeadline(end)
	if err != nil {
		return err
	}
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if proxy.User != nil {
		password, _ := proxy.User.Password()
		r.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(proxy.User.Username()+":"+password)))
	}
	err = r.Write(conn)
	if err != nil {
		return err
	}
	w, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		return err
	}
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", w.StatusCode)
	}
	return conn.SetDeadline(time.Time{})
}
