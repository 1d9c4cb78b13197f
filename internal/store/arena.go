package store

// #include <stdlib.h>
// #ifdef __GLIBC__
// #include <malloc.h>
// #endif
//
// static void one_arena(void) {
// #ifdef __GLIBC__
// 	mallopt(M_ARENA_MAX, 1);
// #endif
// }
import "C"

// oneArena lets the C library keep one heap instead of one for each thread: SQLite locks
// its memory anyway, and each heap holds on to what a large answer once took.
func oneArena() { C.one_arena() }
