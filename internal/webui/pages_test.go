package webui

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/direct"
	"isac/hub/drafts"
	"isac/hub/feedback"
	"isac/hub/find"
	"isac/hub/form"
	"isac/hub/intake"
	"isac/hub/notice"
	"isac/hub/picture"
	"isac/hub/profile"
	"isac/hub/review"
	"isac/hub/sector"
	"isac/hub/shelf"
	"isac/hub/vocab"
	"isac/internal/api"
	"isac/internal/conveyor"
	"isac/internal/helpdesk"
	"isac/internal/locale"
	"isac/internal/metrics"
	"isac/internal/notify"
	"isac/internal/office"
	"isac/internal/receipts"
	"isac/internal/roster"
	"isac/internal/store"
	"isac/web"
)

// filled are pages with something in every field that a template looks at.
func filled(f Frame) []page {
	at := time.Date(2026, 11, 3, 4, 5, 6, 0, time.UTC)
	line := alertLine{ID: "x", Number: 7, Version: 2, Kind: hub.Withdrawn, Stage: hub.Full, Severity: hub.High, TLP: "GREEN", Title: "<b>title</b>", Published: at, Back: true}
	value := indicator{IndicatorRow: store.IndicatorRow{Value: "203.0.114.9", Type: "ipv4-addr:value", ValidUntil: at}, Defanged: "203[.]0[.]114[.]9", Confidence: "sure", Expired: true}
	value.Told = []feedback.Count{{Answer: feedback.FalsePositive, AtLeast: 10}}
	answered := asked{true, true, 10, feedback.Verdicts(), value.Told, []question{{feedback.Exposed, feedback.Exposed.Answers(), []feedback.Count{{Answer: feedback.Fixed, AtLeast: 20}}}}}
	device := passkeyForm{Host: "localhost", Nonce: "n", User: "u", Name: "hub"}
	row := sector.Row{Name: sector.Name{Class: hub.Technique, Value: "T1133"}, Total: sector.Fewer, Bands: []sector.Band{sector.None, sector.From20}}
	fact := factLine{Key: "cve:CVE-2024-1", Class: hub.CVE, Label: "CVE-2024-1", Confidence: hub.Likely, Source: hub.FromProse, Single: true, Confirmed: true}
	draft := &draftView{Here: []section{{"h", true, []string{"a"}, nil}}, Other: []section{{"h", false, []string{"b"}, nil}}, Title: "t", Level: hub.High, Facts: []factLine{fact}, Digest: "d"}
	var done []roster.Act
	for _, verb := range office.Verbs() {
		done = append(done, roster.Act{Number: 1, Time: at, By: "p", Verb: verb, Of: "o", Detail: "<b>title</b>"})
	}
	var counted, due []metrics.Count
	for _, kind := range []string{"report", "case", "catchup", "feedback", "draft", "duty"} {
		counted = append(counted, metrics.Count{Kind: kind, Class: "ok", N: 12})
	}
	for _, class := range []hub.ErrorKind{hub.Invalid, hub.NotFound, hub.Conflict, hub.Forbidden, hub.Unsigned, hub.TooLarge, hub.Held, hub.Gone, hub.Unavailable, hub.Internal} {
		counted = append(counted, metrics.Count{Kind: "report", Class: string(class), N: 2})
	}
	for _, kind := range []review.DutyKind{review.DraftLate, review.FlashLate, review.FullLate, review.RemindReporter, review.PhoneReporter, review.RemindModerators, review.CallSecretariat, review.ReviewLate} {
		due = append(due, metrics.Count{Kind: string(kind), N: 3})
	}
	confirm := confirmForm{"localhost", "n", "i j"}
	sign := signForm{Host: "localhost", Challenge: "c", Passkeys: "i j", Digest: "d"}
	var tracks []caseStage
	for i, phase := range []review.Phase{review.Asking, review.Returned, review.Released} {
		s := review.ReporterStage{StageStatus: review.StageStatus{Stage: hub.Stage([]string{"flash", "full", "x"}[i]), State: string(phase)}, Reason: []string{"question", "unclear", "in-news"}[i], Talk: []review.Exchange{{Question: "<b>title</b>"}}, Thin: true, Alert: &hub.Alert{ID: "x", Number: 3}, Looks: []review.Look{{Time: at, Reason: "no-answer"}}}
		if s.Stage == "x" {
			s.Stage = hub.Flash
			tracks = tracks[1:]
		}
		tracks = append(tracks, caseStage{s, draft, sign, sign, review.WithdrawReasons()})
	}
	desk := profile.Desk{ID: "d", Name: hub.Text{JA: "窓口", EN: "desk"}, Telephone: "03-0000-0000"}
	called := []helpCall{
		{helpdesk.Call{ID: "i", Kind: helpdesk.ForHelp, Name: "n", Number: "1", State: "<b>title</b>", At: at}, true},
		{helpdesk.Call{ID: "j", Kind: helpdesk.CallBack, Number: "1", At: at, Received: at}, false},
	}
	beside := &sidesView{Title: "<b>title</b>", Flash: draft.Here, Adds: draft.Other, Objects: []sideObject{{
		Type: "incident", Minor: []string{"a", "b"}, Routine: []string{"c", "d"}, Rows: []sideRow{
			{Path: "description", Value: "<b>title</b>", Struck: true, Prose: true, Facts: []sideFact{{"cve", "CVE-2024-1", hub.Flash}}, Action: anonymize.LeftOut, Rule: "generate", Cut: true},
			{Path: "name", Value: "n", Struck: true, Action: anonymize.NotReleasable, Rule: "attacker"},
			{Path: "pattern", Value: "p", Facts: []sideFact{{"indicator", "v", ""}}},
		},
	}}}
	onShelf := documentLine{"x", "<b>title</b>", "a", shelf.Readers()}
	picks := []choice{{"a", "A", true}, {"b", "B", false}}
	like := []related{{line, 50, []picture.Thing{{Class: hub.Family, Label: "<b>title</b>"}}}}
	view := sector.View{Quarters: []string{"2026-Q2", "2026-Q3"}, Alerts: []sector.Band{sector.Fewer, sector.From10}, Rows: []sector.Row{row}, Pairs: []sector.Pair{{A: "a", B: "b", Total: sector.From10}}}
	u := &UI{Config: Config{Library: analysis.Default(), Vocab: vocab.Default(nil)}}
	v := &visit{lang: f.Lang, ui: u}
	path := v.drawn("/path.svg", "<b>title</b>", u.pathOf([]store.NameRow{{Class: "technique", Value: "T1133"}}))
	graph := v.drawn("/graph.svg", "", graphOf(v.node(line), v.nodes(like)))
	somebody := personLine{"p", "o", "<b>title</b>", hub.Roles(), true, []passkeyLine{{"i", "s"}}, at, 2}
	status := office.Status{Storing: true, Newest: 7, Policy: "1", Digest: "d", Profile: "p", Rules: 1, Exploited: "x", Attack: "y", Partition: 1, Cells: 3, Holding: 2, Members: 5, Reachable: 4, K: 10, Counts: metrics.Summary{Requests: counted, Due: due, Released: []metrics.Speed{{Stage: "flash", N: 3, Median: time.Hour}}}}
	rows := []office.Row{{ID: "i", Name: "<b>title</b>", Columns: []string{"a", "b"}}}
	change := office.Change{Before: 1, After: 2, Members: 1, Joined: rows, Left: rows, Added: rows, Removed: rows, Changed: rows}
	published := advisory.Advisory{ID: "i", Source: "jvn", Title: "<b>title</b>", Publisher: "<b>title</b>", Key: "k", Version: "2", URLs: []string{"https://example.org/"}, Notice: advisory.Notice{Type: "text/plain", Text: "<b>title</b>"}}
	return []page{
		officePage{f, status, office.Pool{Moderators: 5, Organisations: 4, Short: []hub.Organisation{{ID: "i", NameJA: "<b>title</b>"}}}, []notice.Month{{First: at, Mails: 5, Most: 4}, {First: at, Most: 4}}, at, true},
		officePage{f, office.Status{}, office.Pool{}, nil, at, false},
		auditPage{f, done, 100},
		memberListPage{f, "<b>title</b>", 9, 5, []memberLine{{"i", "<b>title</b>", 2}}},
		memberPage{f, memberLine{"i", "<b>title</b>", 2}, "done", confirm},
		memberPage{f, memberLine{"i", "<b>title</b>", 0}, "", confirmForm{}},
		importPage{f, change, false, confirm},
		importPage{f, change, true, confirmForm{}},
		peopleListPage{f, "<b>title</b>", 9, []personLine{somebody}, picks, picks, confirm},
		personPage{f, somebody, picks, picks, "http://localhost/invite/x", "done", false, confirm},
		personPage{f, personLine{ID: "q"}, picks, picks, "", "", true, confirm},
		reportPage{
			Frame: f, Case: "x", Form: form.Answers{Seen: "<b>title</b>", Route: "a", Confidence: hub.Likely}, Problems: map[string]string{"seen": "no", "evidence": "no", "workbook": "no"},
			Routes: picks, WeaknessIDs: picks, ImpactIDs: picks, ProductIDs: picks, Confidences: confidences, Filled: true, Draft: "x", Saved: at, Begun: []draftLine{{"i", at, true, "<b>title</b>"}, {"j", at, false, ""}},
			Shown: &shown{Values: []shownValue{{"<b>title</b>", "v", "domain-name:value", 3, ""}, {"v", "v", "t", 1, "own"}, {"v", "v", "t", 1, "public"}, {"v", "v", "t", 1, "shared"}}, More: 2, Unread: 1},
		},
		reportPage{Frame: f, Case: "x", Lost: true, Shown: &shown{}},
		receiptPage{f, intake.Receipt{Number: "n"}, "i"},
		caseListPage{f, []caseLine{{"x", at, "t", []review.StageStatus{{Stage: hub.Full, State: "asking"}}, true}, {"y", at, "", nil, false}}},
		casePage{Frame: f, Case: "x", Received: at, Dictated: []review.Dictated{{With: "w", Time: at}}, Unsealed: []review.Unsealed{{Time: at, Reason: "legal"}}, Stages: tracks, Prose: []sentence{{"s", []proseLine{{"k", "l", "cve", "open", 0}, {"m", "l", "cve", "rejected", 1}}, []proseLine{{"n", "l", "cve", "", 0}}}}, Open: true, Facts: []factLine{fact}, Rejected: []string{fact.Key}, Questions: []string{"q"}, LeftOut: []count{{anonymize.LeftOut, 3}}, Problems: []problem{{"/a", "b"}}, CanAnswer: true, Sides: beside},
		casePage{Frame: f, Case: "x", Received: at, Sides: &sidesView{Adds: draft.Here, Late: true, More: 3}},
		casePage{Frame: f, Case: "x", Received: at, Sides: &sidesView{}},
		authorityPage{
			Frame: f, Case: "x", Forms: picks, Counted: "c", Known: "2026-11-03", Problem: "no",
			Draft: drafts.Draft{
				Form: "x", Title: "<b>title</b>", To: "t", Starts: "s", Open: 1, Blind: true, Deadlines: []drafts.Due{{Label: "l", Note: "n"}, {Label: "l", From: at, By: at, Over: true}},
				Rows: []drafts.Row{{Label: "<b>title</b>", Help: "h", Value: "<b>title</b>", From: []string{"seen"}}, {Label: "l", Open: true}},
			},
		},
		reviewListPage{f, true, []reviewLine{
			{review.ModeratorView{Review: "x", Stage: hub.Full, State: "reviewing", Yours: review.Open, Duty: hub.Moderator}, true, clock{1, 2}, time.Time{}, false, true},
			{review.ModeratorView{Review: "y", Stage: hub.Flash, State: "reviewing", Yours: review.Open}, true, clock{5, 0}, at, true, false},
			{review.ModeratorView{Review: "z", Stage: hub.Flash, State: "released", Yours: review.Agreed}, false, clock{}, at, false, false},
		}, notice.Month{Mails: 5, Most: 4}, 3},
		advisoryListPage{f, []advisoryLine{{line, []string{"<b>title</b>"}, []string{"CVE-2024-1"}}}, []advisoryLine{{alertLine: line}}, true, 2, "/advisories?before=7"},
		advisoryListPage{Frame: f},
		advisoryPage{f, line, []section{{"h", false, []string{"<b>title</b>"}, nil}}, published},
		advisoryPage{f, line, nil, advisory.Advisory{Key: "k"}},
		relayListPage{f, true, []relayLine{{published, advisory.Waits, at, clock{5, 1}, at, true, true}, {published, advisory.Waits, at, clock{0, 1}, at, false, false}}, []relayLine{{published, advisory.Sent, at, clock{}, at, false, false}, {published, advisory.No, at, clock{}, at, false, false}, {published, advisory.Going, at, clock{}, at, false, false}}, sourceStates(at)},
		relayListPage{Frame: f},
		relayPage{f, relayLine{published, advisory.Waits, at, clock{5, 1}, at, true, true}, "GREEN", []section{{"h", false, []string{"a"}, nil}}, true, sign},
		relayPage{f, relayLine{published, advisory.Waits, at, clock{1, 1}, at, false, false}, "GREEN", nil, true, signForm{}},
		relayPage{f, relayLine{published, advisory.No, at, clock{1, 1}, at, false, false}, "GREEN", nil, false, signForm{}},
		originalPage{Frame: f, Number: "<b>title</b>", Reason: "legal", Reasons: review.UnsealReasons(), Problem: "p"},
		originalPage{Frame: f, Number: "<b>title</b>", Reason: "legal", Sign: &sign},
		originalPage{Frame: f, Texts: []string{"<b>title</b>"}, Report: "{}"},
		reviewPage{f, review.ModeratorView{Review: "x", Stage: hub.Full, State: "reviewing", Yours: review.Open, Duty: hub.Moderator, Talk: []review.Exchange{{Question: "<b>title</b>"}, {Question: "q", Answer: "<b>title</b>"}}, Thin: true, Single: []string{fact.Key}, Reason: "unreadable"}, draft, sign, review.DeclineReasons(), review.ReturnReasons(), review.RecuseReasons(), reviewLine{Waits: true, Next: at, Late: true}, []count{{anonymize.LeftOut, 3}}, true, like},
		homePage{f, []alertLine{line}, 2, []savedLine{{"i", "<b>title</b>", true}}, 1, true, 1},
		signinPage{Frame: f, Problem: "no", Back: "/", Host: "localhost", Nonce: "n", Challenge: "c", Elsewhere: "http://localhost/", With: "/signin/with/x"},
		invitePage{f, device, "http://localhost/", "/invite/x/provider"},
		problemPage{f, "no", "r"},
		alertListPage{f, severities, stages, hub.High, hub.Full, []alertLine{line}, "/alerts?before=7", true},
		alertPage{f, line, []section{{"h", true, []string{"a"}, nil}, {"h", false, []string{"b"}, map[int]action{0: {"course-of-action--1", []documentLine{onShelf}}}}}, []technique{{"T1133", "n", []string{"t"}}}, []name{{"cve", "CVE-2024-1", "CVE-2024-1"}}, []indicator{value}, like, path, graph, answered, []back{{"withdraw", sign, review.WithdrawReasons()}, {"recall", sign, review.RecallReasons()}}, 1},
		exercisePage{f, "t", "<b>title</b>", []injectLine{{0, "", "a"}, {5, hub.Reporter, "<b>title</b>"}}},
		exercisePage{Frame: f},
		shelfPage{f, shelf.Readers(), shelf.Manager, []shelved{{shelf.Prevent, []documentLine{onShelf}}, {shelf.FirstResponse, nil}, {shelf.Restore, nil}}},
		shelfPage{Frame: f},
		documentPage{Frame: f, Document: onShelf, Phases: shelf.Phases(), In: "ja", Text: "<h2>a</h2>"},
		documentPage{Frame: f, Document: onShelf, In: "en", PDF: true, Link: "https://example.org/", Host: "example.org"},
		publicPage{f, []editionLine{{"i", "<b>title</b>", hub.High, at, at}}, []editionLine{{ID: "j", Title: "<b>title</b>", Updated: at}}, "?lang=ja"},
		publicPage{Frame: f},
		editionPage{f, editionLine{"i", "<b>title</b>", hub.High, at, at}, []section{{"h", true, []string{"a"}, nil}, {"h", false, []string{"<b>title</b>"}, nil}}},
		partnerPage{f, []receipts.Given{{Person: "p", Name: "<b>title</b>", Edition: hub.TLPGreen, Items: []receipts.Item{{ID: "i", Version: 2, Title: hub.Text{JA: "<b>title</b>", EN: "<b>title</b>"}, Published: at, Pending: true}, {ID: "j", Back: true, Published: at, Received: at}}}, {Name: "n", Edition: hub.TLPClear}}, true},
		partnerPage{f, []receipts.Given{{Name: "n", Items: []receipts.Item{{ID: "i", Title: hub.Text{JA: "t", EN: "t"}, Published: at, Pending: true}}}}, false},
		partnerPage{Frame: f},
		campaignListPage{f, true, &cluster{Alerts: []alertLine{line}}, []cluster{{[]alertLine{line}, 40, like[0].Reasons}}, []proposal{{conveyor.Proposal{State: "reviewing", Review: "x"}, []alertLine{line}}}, []together{{line, []alertLine{line}, 1}}},
		searchPage{f, find.Question{Text: "<b>title</b>"}, []only{{"technique T1133", "Technique", "<b>title</b>"}}, true, true, []indicator{value}, []alertLine{line}, sector.From10, []facet{{"c", []facetValue{{only{"family X", "c", "<b>title</b>"}, sector.Fewer}}}}, "/search/x?before=7", "/search/x", "x", []savedLine{{"i", "<b>title</b>", true}, {"j", "l", false}}},
		developerPage{f, api.Endpoints(f.Lang)},
		listPage{f, true, 7, []indicator{value}, []string{"<b>title</b>"}, true},
		sectorPage{f, view, []group{{hub.Technique, []sectorRow{{row, "label"}}}}, 4, v.drawn("/m.svg", "", u.matrixOf(view)), v.drawn("/t.svg", "", u.timelineOf(view))},
		firstPage{f, "c", "r", form.Answers{Seen: "<b>title</b>"}, "yes", map[string]string{"code": "no", "help": "no", "continues": "no"}, "03-0000-0000"},
		firstReceiptPage{f, "n", desk, true, false},
		firstReceiptPage{f, "n", desk, true, true},
		dictatePage{Frame: f, Member: "m", Form: form.Answers{Seen: "<b>title</b>"}, Problems: map[string]string{"with": "no", "member": "no"}, Number: "03-0000-0000", Name: "<b>title</b>"},
		dictatePage{Frame: f, Done: "n"},
		helpPage{Frame: f, Name: "n", Number: "1", State: "<b>title</b>", Problem: "no", Desk: desk, Calls: called},
		helpPage{Frame: f, Name: "n", Number: "1", State: "<b>title</b>", Confirm: true, Desk: desk},
		deskPage{f, desk, []deskCall{{called[0], "<b>title</b>"}, {called[1], "m"}}},
		machinePage{f, 1, false, confirm},
		noticeListPage{f, true, []noticeLine{{"i", direct.Waiting, "victim", at}, {"j", direct.Sent, "recipient", at}, {"k", direct.Gone, "secretariat", at}}},
		noticePage{f, "victim", "i", direct.Waiting, at, "<b>title</b>", []string{"<b>title</b>"}, []addressee{{0, "<b>title</b>", true, time.Time{}}}, 0, false, sign, []noticed{{direct.Drafted, at, ""}}},
		noticePage{f, "secretariat", "i", direct.Agreed, at, "m", []string{"l"}, []addressee{{0, "m", false, time.Time{}}}, 1, false, sign, []noticed{{direct.Consented, at, "p"}, {direct.Signed, at, "p"}, {direct.Refused, at, "p"}}},
		noticePage{f, "secretariat", "i", direct.Sent, at, "m", []string{"l"}, []addressee{{0, "m", true, time.Time{}}, {1, "n", true, at}}, 2, true, signForm{}, []noticed{{direct.Handed, at, "p"}}},
		noticePage{Frame: f, As: "recipient", ID: "i", State: direct.Sent, On: at, Lines: []string{"<b>title</b>"}},
		machinePage{f, 0, true, confirm},
		machinePage{f, 0, true, confirmForm{}},
		tellingPage{Frame: f, CanMail: true, Mail: notify.Address{To: "a@b.jp", Lang: "ja"}, Wanted: picks, Hooks: []hookLine{{notify.Hook{ID: "i", Name: "<b>title</b>", URL: "https://x.example/", Format: notice.Slack}, []hub.Severity{hub.Critical, hub.Low}}}, All: picks, Formats: notice.Formats(), Secret: "s", Done: "done", Given: []givenLine{{notify.Dead{ID: "i", What: "alert 1", Planned: at, Class: "gone"}, "<b>title</b>"}, {notify.Dead{Class: "busy", Planned: at}, ""}}, Confirm: confirm, Products: picks},
		tellingPage{Frame: f, CanMail: true, Mail: notify.Address{To: "a@b.jp", Lang: "en", Confirmed: true, Refused: at}, Confirm: confirmForm{}},
		tellingPage{Frame: f},
		mePage{f, device, "done", true, []passkeyLine{{"i", "s"}}, "http://localhost/", "http://localhost/signin/with/x", []tokenLine{{"i", "<b>title</b>", hub.Scopes(), at, true, "2026-11-03", true}, {"j", "n", nil, at, false, "", false}}, "isac_x", hub.Scopes(), "2026-11-03", confirm},
	}
}

// sourceStates are sources in every state.
func sourceStates(at time.Time) []advisory.SourceState {
	out := []advisory.SourceState{{Name: "untried"}, {Name: "good", At: at, Good: at, Class: "ok", Taken: 2}, {Name: "was good", At: at, Good: at, Class: "held"}}
	for _, class := range []hub.ErrorKind{hub.Invalid, hub.TooLarge, hub.Unavailable, hub.Unsigned, hub.Forbidden, hub.TooOften, hub.Internal} {
		out = append(out, advisory.SourceState{Name: "bad", At: at, Class: string(class)})
	}
	return explained(out)
}

// Every template runs over its struct, empty and filled, in both languages, for people
// with every role and for nobody; and what comes out is a whole page in that language.
func TestEveryPageIsRendered(t *testing.T) {
	all, err := parse(web.Pages)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(web.Pages, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(pages()) {
		t.Errorf("%d templates and %d structs", len(names), len(pages()))
	}
	everything := &hub.Person{ID: "p", Roles: hub.Roles()}
	for _, lang := range locale.Languages {
		for _, me := range []*hub.Person{everything, {ID: "q"}} {
			f := Frame{Lang: lang, Path: "/alerts?x=1", Hub: "A & B", Me: me, Exercise: me == everything}
			for _, p := range filled(f) {
				wantPage(t, all, lang, p)
			}
		}
		for _, p := range pages() {
			var b bytes.Buffer
			err := all[lang][p.template()].ExecuteTemplate(&b, "main", p)
			if err != nil && !strings.Contains(err.Error(), "nil pointer") { // pages that need somebody
				t.Errorf("%s, empty: %v", p.template(), err)
			}
		}
	}
}

func wantPage(t *testing.T, all templates, lang string, p page) {
	t.Helper()
	var b bytes.Buffer
	err := all[lang][p.template()].ExecuteTemplate(&b, "layout", p)
	if err != nil {
		t.Errorf("%s: %v", p.template(), err)
		return
	}
	text := b.String()
	if strings.Contains(text, "<b>title") || strings.Contains(text, "web.") && regexp.MustCompile(`[>"]web\.[a-z]`).MatchString(text) {
		t.Errorf("%s in %s: a value isn't escaped, or a text is missing", p.template(), lang)
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, p.template(), lang, doc)
}

// checkPage holds what a screen reader and the security policy need of every page.
func checkPage(t *testing.T, name, lang string, doc *html.Node) {
	t.Helper()
	headings, ids, labels, keys := 0, map[string]bool{}, map[string]bool{}, map[string]bool{}
	var inputs []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := attributes(n)
		if key := at["accesskey"]; key != "" && keys[key] {
			t.Errorf("%s: the key %s does two things", name, key)
		}
		keys[at["accesskey"]] = true
		for key, value := range at {
			if strings.HasPrefix(key, "on") || key == "style" {
				t.Errorf("%s: inline code or style in <%s>", name, n.Data)
			}
			if (key == "src" || key == "href" || key == "action") && n.Data != "a" && strings.Contains(value, "//") {
				t.Errorf("%s: <%s> loads from elsewhere", name, n.Data)
			}
		}
		if id := at["id"]; id != "" {
			if ids[id] {
				t.Errorf("%s: the id %s stands twice", name, id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "html":
			if at["lang"] != lang {
				t.Errorf("%s says it is in %q, not %s", name, at["lang"], lang)
			}
		case "h1":
			headings++
		case "label":
			labels[at["for"]] = true
		case "input", "select", "textarea":
			inputs = append(inputs, n)
		case "img":
			if _, ok := at["alt"]; !ok {
				t.Errorf("%s: a picture without a text", name)
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s has %d first headings", name, headings)
	}
	for _, n := range inputs {
		at := attributes(n)
		inside := n.Parent != nil && n.Parent.Data == "label"
		if at["type"] != "hidden" && !inside && !labels[at["id"]] {
			t.Errorf("%s: the field %s has no label", name, at["name"])
		}
		if by := at["aria-describedby"]; by != "" && !ids[by] {
			t.Errorf("%s: the field %s is described by nothing", name, at["name"])
		}
	}
}

func attributes(n *html.Node) map[string]string {
	out := map[string]string{}
	for _, a := range n.Attr {
		out[a.Key] = a.Val
	}
	return out
}

// Every text that a template names is there.
func TestEveryTextOfATemplateExists(t *testing.T) {
	named := regexp.MustCompile(`\{\{-? *t "([a-z0-9.-]+)"`)
	for _, pattern := range []string{"pages/*.html", "parts/*.html"} {
		files, err := fs.Glob(web.Pages, pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(len(files), err)
		}
		for _, file := range files {
			data, err := fs.ReadFile(web.Pages, file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllSubmatch(data, -1) {
				if !locale.Has(string(m[1])) {
					t.Errorf("%s: no text %s", path.Base(file), m[1])
				}
			}
		}
	}
	for _, role := range hub.Roles() {
		if !locale.Has("web.role." + string(role)) {
			t.Errorf("no text for the role %s", role)
		}
	}
	for _, scope := range hub.Scopes() {
		if !locale.Has("web.scope." + string(scope)) {
			t.Errorf("no text for the scope %s", scope)
		}
	}
	for _, class := range hub.Classes() {
		if !locale.Has("web.class." + string(class)) {
			t.Errorf("no text for the class %s", class)
		}
	}
}

func TestTheScriptIsShort(t *testing.T) {
	data, err := web.Static.ReadFile("static/page.js")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte("\n")); n > 200 {
		t.Errorf("%d lines of script: 200 at most", n)
	}
}

func TestOnlyOwnPathsAreGoneTo(t *testing.T) {
	for path, want := range map[string]string{
		"/alerts?x=1": "/alerts?x=1", "/": "/", "": "/", "alerts": "/", "//evil.example/x": "/", "https://evil.example/": "/",
		"/\\evil.example": "/", "javascript:alert(1)": "/", "/x\r\nSet-Cookie: a=b": "/", "///evil.example": "/", "/a//b": "/a//b",
	} {
		if got := own(path); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}
