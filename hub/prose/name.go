package prose

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/vocab"
)

// stateNames adds the families, groups, tools and techniques that a sentence
// names.
func (r *run) stateNames(s *scene) {
	for _, n := range s.names {
		if s.insideLonger(n) || s.insideHost(n) {
			continue
		}
		f, ok := r.named(s, n)
		if !ok {
			continue
		}
		w := window{span: n.span, pattern: &lone, hits: []span{n.span}}
		c, ok := s.judge(w)
		if !ok || f.Class == hub.Tool && s.work(w) {
			continue
		}
		if n.use.kind == isExt && rank(c) > rank(hub.Likely) {
			c = hub.Likely
		}
		r.add(s, f, c, n.end, n.start)
	}
}

// lone is the pattern of a name by itself.
var lone = pattern{rule: &vocab.Rule{}}

// insideLonger reports whether a name is part of a longer one.
func (s *scene) insideLonger(n nameHit) bool {
	return slices.ContainsFunc(s.names, func(o nameHit) bool {
		return o.start <= n.start && n.end <= o.end && o.end-o.start > n.end-n.start
	})
}

// insideHost reports whether a name is a label of a domain name and not of a file.
func (s *scene) insideHost(n nameHit) bool {
	if n.use.kind != isName {
		return false
	}
	if n.start > 0 && (s.text[n.start-1] == '.' || s.text[n.start-1] == '@') {
		return true
	}
	if n.end+1 >= len(s.text) || s.text[n.end] != '.' || !word(s.text[n.end+1]) {
		return false
	}
	end := n.end + 1
	for end < len(s.text) && word(s.text[end]) {
		end++
	}
	return !strings.Contains(fileEndings, " "+string(s.text[n.end+1:end])+" ")
}

// named returns the fact behind a name, where the name counts here.
func (r *run) named(s *scene, n nameHit) (vocab.Fact, bool) {
	switch n.use.kind {
	case isTitle:
		t := r.x.titles[n.use.n]
		return vocab.Fact{Class: hub.Technique, Value: t.ID}, strings.Count(t.Name, " ") > 1 || r.written(s, n.span) == t.Name || s.lang == "ja"
	case isExt:
		f := vocab.Fact{Class: hub.Family, Value: r.x.names[n.use.n].Canonical}
		return f, n.use.group == 1 || s.tellsExtension()
	}
	name := r.x.names[n.use.n]
	f := vocab.Fact{Class: name.Class, Value: name.Canonical}
	if name.Ambiguous || !name.Vouched && r.written(s, n.span) != name.Spelling {
		return f, s.beside(r, n.span, name.Class) || s.cued(r, n.span, name.Class) ||
			name.Class == hub.Tool && r.written(s, n.span) == name.Spelling && s.acts(n.span)
	}
	if name.Class == hub.Tool {
		return f, s.active(window{})
	}
	return f, true
}

// acts reports whether a name is a word of what the sentence says was done: of
// 「WinSCPでデータを外部へ転送した」.
func (s *scene) acts(at span) bool {
	for i, w := range s.windows {
		if s.stated[i] && len(w.hits) > 1 && slices.Contains(w.hits, at) {
			return true
		}
	}
	return false
}

// written returns a span of the sentence as the original has it.
func (r *run) written(s *scene, at span) string {
	return r.text[r.folded.origin(s.start+at.start):r.folded.origin(s.start+at.end)]
}

// tellsExtension reports whether a sentence speaks of file name extensions.
func (s *scene) tellsExtension() bool {
	return bytes.Contains(s.text, []byte("拡張子")) || bytes.Contains(s.text, []byte("extension")) || bytes.Contains(s.text, []byte("renamed"))
}

// cues are the words beside a name that say what it is the name of.
var cues = map[hub.Class][]string{
	hub.Family: {"ransomware", "malware", "trojan", "backdoor", "worm", "botnet", "bot", "ransomware group", "stealer", "loader", "wiper", "rat", "encryptor", "locker", "virus", "ransom note", "decryptor", "variant", "strain", "payload", "ransomware gang", "ランサムウェア", "ランサム", "マルウェア", "ウイルス", "トロイの木馬", "ワーム", "ボット", "亜種", "検体", "に感染", "encrypted by", "infected with", "infected by", "infection with", "infection by"},
	hub.Group:  {"group", "gang", "threat actor", "actor", "hackers", "crew", "collective", "operators", "apt group", "攻撃グループ", "グループ", "ハッカー集団", "攻撃者集団", "犯罪集団", "犯罪グループ", "アクター", "攻撃集団"},
	hub.Tool:   {"tool", "command", "utility", "framework", ".exe", "ツール", "コマンド", "ソフト"},
}

// links may stand between such a word and the name.
var links = []string{"called", "named", "known as", "calling itself", "calls itself", "styling itself", "family", "the", "という", "である", "の", "と呼ばれる", "と名乗る", "を名乗る", "名乗る", "「", "『", "\"", "'", "(", "“", ":", "は", "was", "is", "identified as"}

// beside reports whether an ambiguous name stands beside a word that says that it
// is meant: "Hive ransomware", "ransomware called Rose", ランサムウェア「Play」. It must be
// written like a name, and not like the place of an attack ("the Rose ransomware
// attack").
func (s *scene) beside(r *run, at span, class hub.Class) bool {
	first, _ := utf8.DecodeRuneInString(r.written(s, at))
	if unicode.IsLower(first) {
		return false
	}
	words := cues[class]
	if class == hub.Family {
		words = append(slices.Clone(words), "gang", "グループ", "攻撃グループ")
	}
	after := bytes.TrimLeft(s.text[at.end:], " \"'」』)”’")
	for _, w := range []string{"と呼ばれる", "を名乗る", "と名乗る", "を称する", "と称する", "という", "による", "の"} {
		after = bytes.TrimPrefix(after, []byte(w))
	}
	for _, w := range words {
		if rest, ok := bytes.CutPrefix(after, []byte(w)); ok && !inWord(w, rest) {
			return !s.placeOfAttack(at, rest)
		}
	}
	if class == hub.Family && s.blamed(s.text[:at.start], s.text[at.end:]) && !capitalNext(r, s, at) {
		return true
	}
	before := unlink(s.text[:at.start])
	if class == hub.Family && s.encryptedBy(before, after) && !capitalNext(r, s, at) {
		return true
	}
	for _, w := range words {
		if bytes.HasSuffix(before, []byte(w)) && !capitalNext(r, s, at) {
			return true
		}
	}
	return false
}

// Words beside the name of a family that blame it, in a sentence that tells of
// malicious programs.
var (
	blames = []string{
		"と特定", "と判断", "と断定", "と判明", "と推定", "と推測", "とみられ", "を名乗", "と名乗", "の犯行", "の名が", "の名前が", "系のランサム", "系ランサム", "の亜種",
		"による暗号化", "による被害", "による犯行", " claimed responsibility", " claimed the attack", " family", " strain", " variant", " as the ransomware", " was deployed", " was executed",
	}
	blamed = []string{
		"使われたのは", "用いられたのは", "展開されたのは", "実行されたのは", "種類は", "名称は", "正体は", "検体は", "note was signed", "note is signed", "the name", "attribute the encryption to", "attribute the attack to",
		"attributed to", "attribute it to", "attribute this to", "was attributed to", "points to", "pointed to", "strain is", "strain was", "belongs to the", "identified as",
	}
	programs = []string{"ランサム", "マルウェア", "暗号化", "脅迫", "検体", "身代金", "犯行", "被害", "感染", "ransom", "malware", "encrypt", "sample", "strain", "leak site", "responsibility", "note was signed"}
)

// blamed reports whether the text around a name blames a family of that name.
func (s *scene) blamed(before, after []byte) bool {
	told := slices.ContainsFunc(programs, func(w string) bool { return bytes.Contains(before, []byte(w)) || bytes.Contains(after, []byte(w)) })
	before, after = bytes.TrimRight(before, " 「『\"“'("), bytes.TrimLeft(after, "」』\"”')")
	return told && (slices.ContainsFunc(blames, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) }) ||
		slices.ContainsFunc(blamed, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) }))
}

// cued reports whether a name ends in a word that says what it is the name of, and is
// written like a name: "Medusa ransomware".
func (s *scene) cued(r *run, at span, class hub.Class) bool {
	first, _ := utf8.DecodeRuneInString(r.written(s, at))
	if !unicode.IsUpper(first) || s.placeOfAttack(at, s.text[at.end:]) {
		return false
	}
	return slices.ContainsFunc(cues[class], func(w string) bool { return bytes.HasSuffix(s.text[at.start:at.end], []byte(" "+w)) })
}

// encryptedBy reports whether a sentence that says that data was encrypted names by
// what: "encrypted our servers with Akira", 「Akiraによりファイルが暗号化された」.
func (s *scene) encryptedBy(before, after []byte) bool {
	by := slices.ContainsFunc([]string{" with", " by", " using", " deployed", " deploying", " ran", " executed"}, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) }) ||
		slices.ContainsFunc([]string{"encrypted", "により", "によって", "で暗号化", "に暗号化", "が暗号化"}, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) })
	for i, w := range s.windows {
		if by && s.stated[i] && slices.Contains(w.pattern.rule.Facts, vocab.Fact{Class: hub.Technique, Value: "T1486"}) {
			return true
		}
	}
	return false
}

// inWord reports whether an English word goes on after w.
func inWord(w string, rest []byte) bool {
	return word(w[len(w)-1]) && len(rest) > 0 && word(rest[0]) && rest[0] != 's'
}

// unlink cuts quotes, spaces and linking words from the end of text.
func unlink(text []byte) []byte {
	for range 4 {
		text = bytes.TrimRight(text, " ")
		for _, l := range links {
			text = bytes.TrimSuffix(text, []byte(l))
		}
	}
	return bytes.TrimRight(text, " ")
}

// placeOfAttack reports whether "NAME ransomware attack" follows a word that makes
// a place or victim of the name.
func (s *scene) placeOfAttack(at span, rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	event := slices.ContainsFunc([]string{"attack", "incident", "outbreak", "case", "breach"}, func(e string) bool { return bytes.HasPrefix(rest, []byte(e)) })
	before := bytes.TrimRight(s.text[:at.start], " ")
	return event && slices.ContainsFunc([]string{"the", "in", "at", "of", "on", "from"}, func(p string) bool {
		return bytes.HasSuffix(before, []byte(p)) && (len(before) == len(p) || !word(before[len(before)-len(p)-1]))
	})
}

// capitalNext reports whether the next English word is capitalised, so that the
// name is the start of a longer one: "Rose Medical Center".
func capitalNext(r *run, s *scene, at span) bool {
	if at.end+1 >= len(s.text) || s.text[at.end] != ' ' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(r.written(s, span{at.end + 1, len(s.text)}))
	return unicode.IsUpper(next)
}
