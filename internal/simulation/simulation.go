// Package simulation holds the tests that drive what decides in a hub of several nodes
// through many more faults than real time allows: the case machine (hub/review), its
// slots and delays, the outbox (hub/outbox) and the lease (hub/lease) themselves, over a
// log, clocks, members and people that are simulated.
//
// A schedule is a number: all that happens follows from it. Nodes die and stand still
// between any two steps, the log refuses, stores without an answer, or crashes; reports
// and decisions come twice, late, at several nodes; clocks jump both ways; two nodes
// believe that they lead. When the faults have ended everything comes to rest, and a
// checker looks at what became of each receipt, signature and alert.
//
//	go test ./internal/simulation -v -args -schedules 1000000      # -seed N: that one alone, told step by step
package simulation
