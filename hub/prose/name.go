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
	for _, n := range r.meant(s) {
		f, _ := r.named(s, n)
		w := window{span: n.span, pattern: &lone, hits: []span{n.span}}
		c, ok := s.judge(w)
		if !ok || f.Class == hub.Tool && (s.work(w) || s.ownStore(f, n.span)) {
			continue
		}
		if n.use.kind == isExt && rank(c) > rank(hub.Likely) {
			c = hub.Likely
		}
		r.add(s, f, c, n.end, n.start)
	}
}

// stores are services in which everybody keeps files.
var stores = map[string]bool{"Google Drive": true, "OneDrive": true, "Dropbox": true}

// ownStore reports whether a service is where the victim kept its files, and not where
// an attacker took them: "from our Google Drive", 「Google Driveに保存していた名簿」.
func (s *scene) ownStore(f vocab.Fact, at span) bool {
	if !stores[f.Value] {
		return false
	}
	after := bytes.TrimLeft(s.text[at.end:], " 」』\"”')")
	before := bytes.TrimRight(s.text[:at.start], " 「『\"“'(")
	if slices.ContainsFunc(theirsBefore, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) }) || s.fetched() {
		return false
	}
	return slices.ContainsFunc(keptAfter, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) }) ||
		slices.ContainsFunc(keptBefore, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) })
}

// fetched reports whether a sentence tells of something that an attacker brought.
func (s *scene) fetched() bool {
	return slices.ContainsFunc(brought, func(w string) bool { return bytes.Contains(s.text, []byte(w)) })
}

// Words beside a service in which the victim kept its files, and in which attackers did.
var (
	theirsBefore = []string{"attacker's", "attackers'", "attacker’s", "attackers’", "actor's", "intruder's", "攻撃者の", "犯人の", "攻撃者が用意した"}
	brought      = []string{"マルウェアを", "不正プログラムを", "ツールを取得", "malware", "payload", "loader", "implant"}

	keptAfter  = []string{"から", "上の", "内の", "に保存して", "に保管して", "に置いて", "で共有して", "で管理して"}
	keptBefore = []string{
		"当院の", "当社の", "法人の", "職員の", "部署の", "利用している", "利用する", "使っている", "契約している", "契約する", "業務用の",
		" our", " our own", "'s", "’s", " from", " from the", " stored in", " stored on", " kept in", " kept on", " shared on", " shared in",
	}
)

// meant returns the names that count here, in the order of the sentence: by themselves,
// or in a list with one that does: 「Mimikatz、LogMeIn、Impacket」, "Tick (BRONZE BUTLER)".
func (r *run) meant(s *scene) []nameHit {
	names := slices.DeleteFunc(slices.Clone(s.names), func(n nameHit) bool { return s.insideLonger(n) || s.insideHost(n) })
	slices.SortStableFunc(names, func(a, b nameHit) int { return a.start - b.start })
	counts := make([]bool, len(names))
	for i, n := range names {
		_, counts[i] = r.named(s, n)
	}
	for i := range names {
		counts[i] = counts[i] || r.joins(s, names, counts, i, -1)
	}
	for i := len(names) - 1; i >= 0; i-- {
		counts[i] = counts[i] || r.joins(s, names, counts, i, 1)
	}
	var out []nameHit
	for i, n := range names {
		if counts[i] {
			out = append(out, n)
		}
	}
	return out
}

// neighbours is how many names beside one may be its neighbour in a list: some names are
// those of a family and of a tool.
const neighbours = 4

// joins reports whether a name that counts stands in one list with the name i, right
// before it or right behind it.
func (r *run) joins(s *scene, names []nameHit, counts []bool, i, step int) bool {
	for j := i + step; j >= 0 && j < len(names) && j != i+(neighbours+1)*step; j += step {
		first, second := names[min(i, j)], names[max(i, j)]
		if counts[j] && first.end <= second.start && r.together(s, first, second) {
			return true
		}
	}
	return false
}

// together reports whether two names stand in one list, or one in brackets behind the
// other, both as the tables write them.
func (r *run) together(s *scene, a, b nameHit) bool {
	if a.use.kind != isName || b.use.kind != isName || a.end > b.start {
		return false
	}
	between := s.text[a.end:b.start]
	one, other := r.x.names[a.use.n], r.x.names[b.use.n]
	if one.Spelling != r.written(s, a.span) || other.Spelling != r.written(s, b.span) {
		return false
	}
	bracket := string(bytes.TrimSpace(between)) == "(" && s.text[min(b.end, len(s.text)-1)] == ')'
	return bracket && one.Canonical == other.Canonical || len(between) > 0 && listed(between)
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
	asListed := r.written(s, n.span) == name.Spelling
	if name.Ambiguous || !name.Vouched && !asListed {
		asListed = asListed || humped(name.Spelling)
		return f, s.beside(r, n.span, name) || s.cued(r, n.span, name.Class) ||
			asListed && name.Class == hub.Tool && (s.acts(n.span) || strings.ToLower(name.Spelling) != name.Spelling && s.instrument(n.span)) ||
			name.Class != hub.Tool && s.codename(r.written(s, n.span))
	}
	if name.Class == hub.Tool {
		return f, s.active(window{})
	}
	return f, true
}

// shortestCode is the number of letters from which capitals make a code name.
const shortestCode = 7

// codename reports whether a name is one in capitals, as analysts give them, in a
// sentence that tells of an attack and isn't written in capitals: VEILEDSIGNAL.
func (s *scene) codename(name string) bool {
	return len(name) >= shortestCode && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && s.has(hostile) && !s.shouted
}

// instrument reports whether a sentence that tells of an attacker, or of a deed of one,
// says that something was done with a tool: 「FRPを使って」, "with the help of FRP".
func (s *scene) instrument(at span) bool {
	after := bytes.TrimLeft(s.text[at.end:], " 」』\"”')")
	before := bytes.TrimRight(unlink(s.text[:at.start]), " ")
	used := slices.ContainsFunc(instrumentsAfter, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) }) ||
		slices.ContainsFunc(instrumentsBefore, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) })
	return used && (s.has(hostile) || slices.Contains(s.stated, true))
}

// Words beside a tool with which something was done.
var (
	instrumentsAfter = []string{
		"を使", "を用い", "を利用", "を悪用", "を実行", "を設置", "を仕掛け", "を仕込", "を起動", "を導入", "を展開", "を配置", "を持ち込", "をインストール", "をダウンロード", "をコピー", "を投入", "を入れ", "を置", "を走らせ",
		"が使われ", "が使用され", "が実行され", "が悪用され", "が設置され", "が導入され", "が展開され", "が置かれ", "がインストールされ", "が仕掛けられ", "が見つか", "が動い", "が残され", "経由で", "によって", "により", "による", "で",
		"was run", "was used", "was executed", "was dropped", "was installed", "was found", "was downloaded", "was set up", "was copied", "was deployed",
	}
	instrumentsBefore = []string{
		" using", " used", " with", " via", " ran", " running", " run", " executed", " executing", " deployed", " dropped", " installed", " downloaded", " launched", " through", " set up", " a copy of", " copy of", " by means of",
		" the help of", " brought in", " started", " placed", " left", " abused", " uploaded", " planted", " employed",
	}
)

// humped reports whether a name is written as no word is, with a capital or a digit
// inside: "WinSCP", "7-Zip". In whatever case, it is hardly another word.
func humped(name string) bool {
	inside := false
	for i, r := range name {
		inside = inside || i > 0 && (unicode.IsUpper(r) || unicode.IsDigit(r))
	}
	return inside && len(name) > shortestHumped && strings.ToUpper(name) != name
}

const shortestHumped = 4

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
func (s *scene) beside(r *run, at span, name vocab.Name) bool {
	class := name.Class
	first, _ := utf8.DecodeRuneInString(r.written(s, at))
	if unicode.IsLower(first) && !humped(name.Spelling) {
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
	if (class == hub.Family || class == hub.Group && !r.familyAt(s, at)) && s.blamed(s.text[:at.start], s.text[at.end:]) && !capitalNext(r, s, at) {
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
		"による暗号化", "による被害", "による犯行", "による攻撃", "によるもの", "を展開", "を実行", "を配布", "が実行され", "が展開され", "の暴露サイト", "のリークサイト", "のデータ公開サイト", "の一派", "の関与", "の仕業", "の構成員", "のメンバー", "の実行犯", "を自称", "が犯行", "と呼", "が犯行声明", "の脅迫",
		"claimed responsibility", "claimed the attack", "has claimed", "have claimed", "claimed to", "family", "strain", "variant", "as the ransomware", "was deployed", "was executed", "was detonated", "was run", "was launched", "was started", "was installed", "detonated",
		"operators", "operator", "affiliate", "member", "leak site", "data leak site", "blog", "encrypted", "listed us", "named us", "posted",
	}
	blamed = []string{
		"使われたのは", "用いられたのは", "展開されたのは", "実行されたのは", "種類は", "名称は", "正体は", "検体は", "note was signed", "note is signed", "the name", "attribute the encryption to", "attribute the attack to",
		"attributed to", "attribute it to", "attribute this to", "was attributed to", "points to", "pointed to", "tracked as", "known as", "calls itself", "call themselves", "calling themselves", "hallmarks of", "work of", "ties to", "linked to", "affiliated with", "tied to", "deployed", "detonated", "strain is", "strain was", "belongs to the", "identified as",
	}
	programs = []string{"ランサム", "マルウェア", "暗号化", "脅迫", "検体", "身代金", "犯行", "被害", "感染", "ransom", "malware", "encrypt", "sample", "strain", "leak site", "responsibility", "note was signed", "group", "gang", "intruder", "actor", "attacker", "hacker", "集団", "グループ", "攻撃者", "関与", "暴露", "侵入"}
)

// blamed reports whether the text around a name blames a family of that name.
func (s *scene) blamed(before, after []byte) bool {
	told := slices.ContainsFunc(programs, func(w string) bool { return bytes.Contains(before, []byte(w)) || bytes.Contains(after, []byte(w)) })
	before, after = bytes.TrimRight(before, " 「『\"“'("), bytes.TrimLeft(after, " 」』\"”')")
	unlinked := unlink(before)
	return told && (slices.ContainsFunc(blames, func(w string) bool { return bytes.HasPrefix(after, []byte(w)) }) ||
		slices.ContainsFunc(blamed, func(w string) bool { return bytes.HasSuffix(before, []byte(w)) || bytes.HasSuffix(unlinked, []byte(w)) }))
}

// familyAt reports whether the name at a place is a family's too.
func (r *run) familyAt(s *scene, at span) bool {
	return slices.ContainsFunc(s.names, func(n nameHit) bool {
		return n.span == at && n.use.kind == isName && r.x.names[n.use.n].Class == hub.Family
	})
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
