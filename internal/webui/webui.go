// Package webui is the hub's web pages: server-rendered HTML in Japanese and English,
// which works without a script but for passkeys and live arrival.
//
// A handler is noun_verb.go, fills one typed struct (a page) and renders it by the
// template of that name in web/pages. It writes nothing itself: what people decide
// goes to the conveyor, what they read comes from the released view. It trusts nothing
// of a request; who asks is known by a session (internal/signin), and a decision needs
// a signature besides.
//
//	router.Mount("/", webui.New(cfg))
package webui

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/edition"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/hub/shelf"
	"isac/hub/vocab"
	"isac/hub/warning"
	"isac/internal/ballot"
	"isac/internal/conveyor"
	"isac/internal/helpdesk"
	"isac/internal/httpx"
	"isac/internal/machine"
	"isac/internal/notebook"
	"isac/internal/notify"
	"isac/internal/office"
	"isac/internal/postbox"
	"isac/internal/reading"
	"isac/internal/receipts"
	"isac/internal/roster"
	"isac/internal/signin"
	"isac/web"
)

// Config is what the pages need; every field must be set.
type Config struct {
	Log      *slog.Logger
	Name     string // of the hub
	Reading  *reading.Room
	Receipts receipts.Desk
	Book     *notebook.Book
	Drafts   *notebook.Drafts
	Machines *machine.Machines
	Postbox  *postbox.Box
	Roster   *roster.Roster
	Desk     *conveyor.Conveyor
	Ballot   *ballot.Box
	Help     *helpdesk.Box
	Door     signin.Door
	Signin   *signin.Signin
	Vocab    *vocab.Vocab
	Office   *office.Office
	Notices  *notify.Notifier
	Profile  *profile.Profile
	Warnings *warning.Lists    // the hub's own table when nil
	Library  *analysis.Library // of the sentences; the embedded one when nil
	Shelf    *shelf.Shelf      // the program's when nil
	Exercise *Exercise         // what is played; nil for a hub that is real
	Font     *paper.Font       // of PDF and PNG, which there aren't when nil
	Now      func() time.Time
	Live     *httpx.Live

	// Elsewhere answers for the pages that need more than what is released, and decisions;
	// then Reading, Ballot, Door, Vocab, Profile and Live are enough. Nil
	// where all is answered here.
	Elsewhere http.Handler
}

// UI answers requests for pages.
type UI struct {
	Config
	pages templates
	asked memory
	// editions are what everybody may read.
	editions editions
	// drawing holds those that draw with the font.
	drawing chan struct{}
}

// readers are the pages of released alerts, their pictures, and the shelf.
func (u *UI) readers(r chi.Router) {
	r.Get("/alerts", u.signed(u.alertList))
	r.Get("/alerts/{id}", u.signed(u.alertShow))
	r.Get("/alerts/{id}/bundle", u.signed(u.alertBundle))
	r.Get("/alerts/{id}/layer", u.signed(u.alertLayer))
	r.Get("/alerts/{id}/sheet.pdf", u.signed(u.alertSheet))
	for _, as := range []string{".svg", ".png"} {
		r.Get("/alerts/{id}/path"+as, u.signed(u.alertPath))
		r.Get("/alerts/{id}/graph"+as, u.signed(u.alertGraph))
		r.Get("/sector/matrix"+as, u.signed(u.sectorMatrix))
		r.Get("/sector/timeline"+as, u.signed(u.sectorTimeline))
	}
	r.Get("/advisories/{id}", u.signed(u.advisoryShow))
	r.Get("/sector", u.signed(u.sectorShow))
	r.Get("/sector/layer", u.signed(u.sectorLayer))
	r.Get("/check", u.signed(u.checkNew))
	r.Post("/check", u.signed(u.checkTake))
	r.Get("/events", u.signed(u.eventStream))
	r.Get("/developer", u.open(u.developerShow))
	r.Get("/static/*", static(web.Static))
	if u.Exercise != nil {
		r.Get("/exercise", u.signed(u.exerciseShow))
	}
	r.Get("/shelf", u.open(u.shelfShow))
	r.Get("/shelf/{document}", u.open(u.documentShow))
	r.Get("/shelf/{document}/file.pdf", u.open(u.documentFile))
}

// everybody are the pages of what everybody may read, TLP:CLEAR, for which nobody signs
// in.
func (u *UI) everybody(r chi.Router) {
	r.Get("/public", u.open(u.publicShow))
	r.Get("/public/feed.atom", u.open(u.publicFeed("application/atom+xml; charset=utf-8", edition.Feed.Atom)))
	r.Get("/public/feed.json", u.open(u.publicFeed("application/feed+json; charset=utf-8", edition.Feed.JSON)))
	r.Get("/public/{edition}", u.open(u.editionShow))
	r.Get("/public/{edition}/bundle", u.open(u.editionBundle))
	r.Get("/public/{edition}/sheet.pdf", u.open(u.editionSheet))
}

// between are the pages for what goes on between the hub and single members or the
// working group.
func (u *UI) between(r chi.Router) {
	r.Get("/partner", u.signed(u.partnerShow))
	r.Post("/partner/receipt", u.signed(u.partnerReceipt))
	r.Post("/alerts/{id}/feedback", u.signed(u.feedbackTake))
	r.Post("/alerts/{id}/back/{verb}", u.signed(u.alertBack))
	r.Get("/machine", u.signed(u.machineShow))
	r.Post("/machine/{verb}", u.signed(u.machineDecide))
	r.Get("/notices", u.signed(u.noticeList))
	r.Post("/notices", u.signed(u.noticeWrite))
	r.Get("/notices/{notice}", u.signed(u.noticeShow))
	r.Post("/notices/{notice}/{verb}", u.signed(u.noticeDecide))
	r.Get("/original", u.signed(u.originalNew))
	r.Post("/original", u.signed(u.originalOpen))
	r.Get("/campaigns", u.signed(u.campaignList))
	r.Post("/campaigns", u.signed(u.campaignPropose))
	r.Get("/advisories", u.signed(u.advisoryList))
	r.Get("/relay", u.signed(u.relayList))
	r.Get("/relay/{advisory}", u.signed(u.relayShow))
	r.Post("/relay/{advisory}/{verb}", u.signed(u.relayDecide))
}

// reporters are the pages for who reports, and for what became of a report.
func (u *UI) reporters(r chi.Router) {
	r.Get("/cases", u.signed(u.caseList))
	r.Get("/cases/{case}", u.signed(u.caseShow))
	r.Post("/cases/{case}/answers", u.signed(u.caseAnswer))
	r.Get("/cases/{case}/forms/{form}", u.signed(u.authorityShow))
	r.Post("/cases/{case}/forms/{form}", u.signed(u.authorityShow))
	r.Post("/cases/{case}/{stage}/{verb}", u.signed(u.caseDecide))
	r.Get("/report", u.signed(u.reportNew))
	r.Post("/report", u.signed(u.reportTake))
	r.Post("/report/file", u.signed(u.reportFile))
	r.Post("/report/draft", u.signed(u.draftSave))
	r.Post("/report/draft/drop", u.signed(u.draftDrop))
}

// New returns the handler of every page.
func New(c Config) http.Handler {
	if c.Library == nil {
		c.Library = analysis.Default()
	}
	if c.Shelf == nil {
		c.Shelf = shelf.Default(c.Profile)
	}
	u := &UI{Config: c, pages: parsed(), drawing: make(chan struct{}, 2)}
	r := chi.NewRouter()
	r.Use(headers, http.NewCrossOriginProtection().Handler)
	u.readers(r)
	u.everybody(r)
	if u.Elsewhere != nil {
		r.NotFound(u.Elsewhere.ServeHTTP)
		r.MethodNotAllowed(u.Elsewhere.ServeHTTP)
		return r
	}
	u.people(r)
	u.between(r)
	u.reporters(r)
	r.NotFound(u.open(func(*visit) error { return hub.E(hub.NotFound, "web.no-page") }))
	return r
}

// people are the pages by which people come in and look after their own, and those of the
// working group and the secretariat.
func (u *UI) people(r chi.Router) {
	r.Get("/", u.open(u.homeShow))
	r.Get("/signin", u.open(u.signinShow))
	r.Post("/signin/token", u.open(u.signinToken))
	r.Post("/signin/passkey", u.open(u.signinPasskey))
	r.Get("/signin/with/{code}", u.open(u.providerGo))
	r.Get("/signin/back", u.open(u.providerBack))
	r.Post("/signout", u.open(u.signout))
	r.Get("/invite/{code}", u.open(u.inviteShow))
	r.Post("/invite/{code}", u.open(u.inviteTake))
	r.Get("/invite/{code}/provider", u.open(u.inviteGo))
	r.Post("/language", u.open(u.languageSet))
	r.Get("/first", u.open(u.firstNew))
	r.Post("/first", u.open(u.firstTake))
	r.Get("/dictate", u.signed(u.dictateNew))
	r.Post("/dictate", u.signed(u.dictateTake))
	r.Get("/help", u.signed(u.helpShow))
	r.Post("/help", u.signed(u.helpAsk))
	r.Get("/desk", u.signed(u.deskShow))
	r.Post("/desk/{call}", u.signed(u.deskReceive))
	r.Get("/reviews", u.signed(u.reviewList))
	r.Get("/reviews/{review}", u.signed(u.reviewShow))
	r.Post("/reviews/{review}/{verb}", u.signed(u.reviewDecide))
	r.Get("/search", u.signed(u.searchNew))
	r.Post("/search", u.signed(u.searchAsk))
	r.Post("/search/saved", u.signed(u.savedKeep))
	r.Post("/search/saved/open", u.signed(u.savedOpen))
	r.Post("/search/saved/drop", u.signed(u.savedDrop))
	r.Get("/search/{asked}", u.signed(u.searchShow))
	r.Get("/search/{asked}/{file}", u.signed(u.searchExport))
	r.Get("/me", u.signed(u.meShow))
	r.Post("/me/passkeys", u.signed(u.passkeyAdd))
	r.Post("/me/passkeys/remove", u.signed(u.passkeyRemove))
	r.Post("/me/tokens", u.signed(u.tokenMake))
	r.Post("/me/tokens/revoke", u.signed(u.tokenRevoke))
	u.telling(r)
	r.Get("/office", u.office(u.officeShow))
	r.Get("/office/members", u.office(u.memberList))
	r.Post("/office/members", u.office(u.memberList))
	r.Post("/office/members/compare", u.office(u.importTry))
	r.Post("/office/members/import", u.office(u.importTake))
	r.Get("/office/members/{member}", u.office(u.memberShow))
	r.Post("/office/members/{member}/{verb}", u.office(u.memberDecide))
	r.Get("/office/people", u.office(u.peopleList))
	r.Post("/office/people", u.office(u.peopleList))
	r.Post("/office/people/add", u.office(u.personAdd))
	r.Get("/office/people/{person}", u.office(u.personShow))
	r.Post("/office/people/{person}/{verb}", u.office(u.personDecide))
	r.Get("/office/acts", u.office(u.auditShow))
	r.Post("/office/acts", u.office(u.auditExport))
}

// headers allow what the pages use and nothing else.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Permissions-Policy", "publickey-credentials-get=(self), publickey-credentials-create=(self)")
		h.Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r)
	})
}
