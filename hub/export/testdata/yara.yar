// ISAC hub, 2026-11-26T03:00:00Z
import "hash"
rule isac_9 { meta: alert = "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60" number = 42 confidence = 75 condition: hash.sha256(0, filesize) == "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
rule isac_10 { meta: alert = "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60" number = 42 confidence = 75 condition: hash.sha256(0, filesize) == "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
rule isac_11 { meta: alert = "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60" number = 42 confidence = 75 condition: hash.md5(0, filesize) == "0123456789abcdef0123456789abcdef" }
rule isac_12 { meta: alert = "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60" number = 42 confidence = 75 condition: hash.sha1(0, filesize) == "0123456789abcdef0123456789abcdef01234567" }
// 12 left out: this form can't say them
