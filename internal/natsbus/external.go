package natsbus

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/jwt/v2"
)

// ServerConfig is the configuration of an external NATS server, or of every node of
// a cluster, that serves the hub whose data folder is dir: the same operator,
// accounts and rights as the embedded server, every write synced. What is the
// server's own (cluster routes, certificates, places of files) is left to its
// operator in marked lines.
//
// The file holds no secret: tokens are signed statements about public keys.
func ServerConfig(dir string, l Listeners) (string, error) {
	a, err := OpenAuthority(filepath.Join(dir, "nats"))
	if err != nil {
		return "", err
	}
	operator, err := a.operatorToken()
	if err != nil {
		return "", err
	}
	accounts, err := a.Accounts()
	if err != nil {
		return "", err
	}
	var preload strings.Builder
	for _, key := range slices.Sorted(maps.Keys(accounts)) {
		fmt.Fprintf(&preload, "  %s: %s\n", key, accounts[key])
	}
	return fmt.Sprintf(serverConfig, operator, public(a.sys), preload.String()) + l.config(), nil
}

// Listeners say where an external server listens besides port 4222, and with which
// certificate everywhere.
type Listeners struct {
	Websocket        string // "0.0.0.0:443", for members who can reach the web alone; "" for not
	Leaf             string // "0.0.0.0:7422", for servers of members' own; "" for not
	Certificate, Key string // PEM files of the server's; "" for a proxy before it that encrypts
}

func (l Listeners) config() string {
	tls := "# tls: { cert_file: \"server.pem\", key_file: \"server.key\", timeout: 30 }"
	if l.Certificate != "" {
		tls = fmt.Sprintf("tls: { cert_file: %q, key_file: %q, timeout: 30 }", l.Certificate, l.Key)
	}
	var b strings.Builder
	fmt.Fprintln(&b, tls)
	for _, part := range []struct{ name, listen, plain string }{{"websocket", l.Websocket, "no_tls: true"}, {"leafnodes", l.Leaf, ""}} {
		listen, mark, within := part.listen, "", tls
		if listen == "" {
			listen, mark = map[string]string{"websocket": "0.0.0.0:443", "leafnodes": "0.0.0.0:7422"}[part.name], "# "
			within = strings.TrimPrefix(tls, "# ")
		} else if l.Certificate == "" {
			within = part.plain
		}
		fmt.Fprintf(&b, "%s%s { listen: %q%s }\n", mark, part.name, listen, after(within))
	}
	return b.String()
}

// after puts a setting after another.
func after(setting string) string {
	if setting == "" {
		return ""
	}
	return ", " + setting
}

// serverConfig follows serverOptions, which says why.
const serverConfig = `# NATS server for the ISAC hub, 2.15.2 or later. Give every node of a cluster this file.
listen: "0.0.0.0:4222"
max_payload: 8MB
max_pending: 64MB

operator: %s
system_account: %s
resolver: { type: full, dir: "jwt", allow_delete: false, interval: "1m" }
resolver_preload: {
%s}

# Every acknowledged message is on disk. Don't change it: receipts rest on it.
jetstream: { store_dir: "streams", sync_interval: always }

authorization: { timeout: 30 }
# server_name: "n1"
# cluster: { name: "isac", listen: "0.0.0.0:6222", routes: [ "nats://n2:6222", "nats://n3:6222" ] }
`

func (a *Authority) operatorToken() (string, error) {
	c := jwt.NewOperatorClaims(public(a.operator))
	c.Name = "isac"
	c.SystemAccount = public(a.sys)
	token, err := c.Encode(a.operator)
	if err != nil {
		return "", fmt.Errorf("signing operator: %w", err)
	}
	return token, nil
}
