// Command three runs a cluster of three NATS servers on loopback, until it is interrupted.
//
//	go run ./internal/cluster/three --data isac-data --dir servers
//
// --data is the hub's data folder, made if it isn't there; the hub then runs with
// isacd serve --data DIR --nats URL, where URL is what this prints.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"isac/internal/cluster"
)

func main() {
	data := flag.String("data", "isac-data", "data folder of the hub")
	dir := flag.String("dir", "servers", "folder of the servers")
	program := flag.String("program", "", "nats-server; built from the module if not given")
	first := flag.Int("port", 4222, "of the first server; the others follow")
	flag.Parse()
	err := run(*data, *dir, *program, *first)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data, dir, program string, first int) (err error) {
	err = os.MkdirAll(dir, 0o700)
	if err != nil {
		return err
	}
	if program == "" {
		program, err = cluster.Build(dir)
		if err != nil {
			return err
		}
	}
	c, err := cluster.Start(cluster.Options{Program: program, Data: data, Dir: dir, Ports: [cluster.Size]int{first, first + 1, first + 2}, Log: true})
	if err != nil {
		return err
	}
	fmt.Println(c.URL())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	return c.Stop()
}
