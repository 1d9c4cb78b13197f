// Package web holds what people see: the texts in Japanese and English, one file per
// room and language, and the pages with their shared parts, styles and script. It
// holds no code of the hub.
package web

import "embed"

// Locale holds locale/<language>/<room>.toml.
//
//go:embed locale
var Locale embed.FS

// Pages holds pages/<page>.html, one template a page, and parts/*.html, which pages
// share.
//
//go:embed pages parts
var Pages embed.FS

// Static holds what browsers load beside a page.
//
//go:embed static
var Static embed.FS
