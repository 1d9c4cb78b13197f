// Package web holds what people see: the texts in Japanese and English, one file
// per room and language. It holds no code.
package web

import "embed"

// Locale holds locale/<language>/<room>.toml.
//
//go:embed locale
var Locale embed.FS
