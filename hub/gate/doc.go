// Package gate is the independent check of the final bytes of every output of the
// hub. It lets an output pass only if nothing in it, however it is spelled or
// encoded, names an organisation of the sector list or repeats a value that was left
// out of the report it comes from.
//
// It shares no code with what builds outputs and imports the standard library and
// golang.org/x/text only: it reads the raw sector list and the raw values, and has
// its own folding, decoders, derivation of spellings and matcher, so that a mistake
// of the builder is not its mistake too. It trusts nothing of the builder but the
// list of values left out, and fails closed: an error, a limit reached, a zero value
// all mean that nothing passes.
//
//	register, err := gate.Compile(header, rows) // once per version of the sector list
//	…
//	passed, hits, err := register.Check(bundle, leftOut, vocabulary)
//	if err != nil || !passed.Valid() {
//		// hold the output; hits say what to leave out of the next draft
//	}
//	_, err = passed.WriteTo(w)
//
// # How an output is read
//
// As its bytes stand; as the strings of its JSON, values one behind the other, so that
// a name split over properties is whole again, and keys; and as whatever is encoded in
// these, to eight encodings inside of each other: backslash, percent and HTML escapes,
// what stands behind a pattern's wildcard, markup left out, punycode, quoted-printable,
// base64 and base64url at any offset, hexadecimal, base32, base58, the three alphabets of
// base85, gzip, zlib and zip, UTF-16, Shift_JIS, EUC-JP, ISO-2022-JP, text run from right to
// left, digits in kanji. What is read in all is bounded; an output that expands beyond it
// does not pass.
//
// Each reading is folded rune by rune (compatibility forms, case, width, kana, small
// and long kana, kanji variants, look-alikes of other scripts, digits of other
// scripts) and squeezed to letters and digits: zero-width and combining characters,
// direction marks, spaces and punctuation are gone. All needles are found in that
// text, in linear time; a rule for each then looks at the source around the place.
//
// # What it looks for
//
// From the sector list: names in every column and the spellings that follow from
// them, domains with their parents, mail addresses, phones in any notation, postal
// codes, addresses, prefectures and municipalities, vendors, and former names,
// institution codes, host prefixes, operators, address ranges, network numbers and
// staff of those rows that have them. A name that is also a common word counts only in
// front of a word for the kind of organisation, which is learnt from the list itself; a
// label of a domain that may be any word, within a domain only. What is an organisation's
// own in its name in Latin letters counts inside of a longer word too ("loginmidorisawa.com"):
// of eight letters wherever it stands, of seven at either end, a shorter one where the rest
// is words that anybody adds to a name. So it does backwards and by ROT13, and, from six
// letters on, with digits for up to half of them ("m1d0risawa"): of eight wherever it stands,
// a shorter one where it begins or ends the word. Plain digests of names, domains and host
// prefixes (MD5, SHA-1, SHA-256, SHA-512, NTLM) are found whole or as they begin. What stands
// in the quotes of a pattern, as somebody chose it, is also searched for a name by its sound
// (of seven letters, of nine inside of a word) and with one letter wrong (of nine, by itself
// or beside words that anybody adds to a name).
//
// From the report: each value left out and what follows from it: parts of names,
// hosts, users, paths, URLs and mail addresses, numbers with their unit, dates in any
// notation, sentences in part. A value of ten characters or more counts anywhere, a
// shorter one with no letter or digit directly before or after, one of five or fewer
// in capitals in capitals only. A Vocabulary of the hub's own texts explains what
// the hub itself has written.
//
// # What it does not see
//
// Names in another reading of their kanji (for which the builder looks in an attacker's
// values), base64 with spaces inside, base85 over several lines
// without its marks, pictures, a name told by description, digits for letters that are no
// part of a name in Latin letters, the kanji 一 for a long vowel mark, numbers of one or two
// digits without a unit, facts that the outside can see.
package gate
