package bench

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// plainServer is a NATS server in this process that everybody may use: no accounts,
// credentials or permissions. It is the yardstick of what goes over NATS.
type plainServer struct{ server *server.Server }

// startPlain starts one; dir is for streams, which sync every write, "" has none.
func startPlain(dir string) (*plainServer, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "plain", Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, AlwaysEnableNonce: true, // clients sign it or not
		MaxPayload: 8 << 20, MaxPending: 64 << 20,
		JetStream: dir != "", StoreDir: dir, SyncAlways: true, JetStreamMaxStore: 1 << 40, DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, fmt.Errorf("making plain nats server: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return nil, errors.New("starting plain nats server: not ready after 20 s")
	}
	return &plainServer{s}, nil
}

func (p *plainServer) close() {
	p.server.Shutdown()
	p.server.WaitForShutdown()
}

// publish does what the hub does to publish, on any connection.
func publish(nc *nats.Conn, subject string, header nats.Header, data []byte) error {
	err := nc.PublishMsg(&nats.Msg{Subject: subject, Header: header, Data: data})
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	return nc.Flush()
}
