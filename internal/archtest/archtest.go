// Package archtest holds the rules of the project's shape as a test that reads
// the files: who may import whom, how long a file or function may be, what a
// package may be called, and that hub/** stays pure. It holds no code of its own.
package archtest
