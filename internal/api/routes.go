package api

import (
	"net/http"
	"slices"

	"isac/hub"
	"isac/hub/review"
	"isac/hub/sector"
	"isac/internal/conveyor"
)

// route is one endpoint. What it takes and gives stands here once: for the router, for
// the check of each request, and for the description that programs read.
type route struct {
	method string
	path   string
	scope  hub.Scope
	query  []string // parameters that it knows
	body   any      // of the shape that it takes; nil when it takes none
	answer any      // of the shape that it gives, or a mediaType
	says   string   // key of the sentence that describes it
	handle signedHandler
}

// unreleased are paths that only read, and what they read is more than what is released:
// the log's own bytes, or what somebody said of herself.
var unreleased = []string{"/told", "/told/bundle", "/advisories", "/advisories/{id}"}

// released reports whether the endpoint reads released things alone.
func (rt route) released() bool {
	return rt.scope == hub.ReadScope && !slices.Contains(unreleased, rt.path)
}

// mediaType is the form of an answer that isn't JSON of a known shape.
type mediaType string

const (
	stixMedia mediaType = "application/stix+json;version=2.1"
	textMedia mediaType = "text/plain"
	csvMedia  mediaType = "text/csv"
	fileMedia mediaType = "application/octet-stream"
	liveMedia mediaType = "text/event-stream"
)

// routes are all endpoints.
func (a API) routes() []route {
	get, post := http.MethodGet, http.MethodPost
	return []route{
		{get, "/alerts", hub.ReadScope, []string{"next", "severity", "stage", "technique", "family", "cve", "since", "limit"}, nil, alertPage{}, "api.alert-list", a.alertList},
		{get, "/alerts/{id}", hub.ReadScope, nil, nil, alertJSON{}, "api.alert-show", a.alertShow},
		{get, "/alerts/{id}/bundle", hub.ReadScope, nil, nil, stixMedia, "api.alert-bundle", a.alertBundle},
		{get, "/alerts/{id}/bundle.sig", hub.ReadScope, nil, nil, textMedia, "api.alert-signature", a.alertSignature},
		{get, "/alerts/{id}/analysis", hub.ReadScope, nil, nil, analysisJSON{}, "api.alert-analysis", a.alertAnalysis},
		{get, "/alerts/{id}/related", hub.ReadScope, nil, nil, relatedPage{}, "api.alert-related", a.alertRelated},
		{get, "/alerts/{id}/feedback", hub.ReadScope, nil, nil, feedbackJSON{}, "api.feedback-show", a.feedbackShow},
		{post, "/alerts/{id}/feedback", hub.AnswerScope, nil, answerJSON{}, takenJSON{}, "api.feedback-alert", a.feedbackAlert},
		{get, "/indicators", hub.ReadScope, []string{"value", "type", "technique", "since", "valid_at", "next", "limit"}, nil, indicatorPage{}, "api.indicator-list", a.indicatorList},
		{post, "/indicators/lookup", hub.ReadScope, nil, lookupJSON{}, lookupAnswer{}, "api.indicator-lookup", a.indicatorLookup},
		{get, "/indicators/buckets", hub.ReadScope, nil, nil, bucketsJSON{}, "api.bucket-show", a.bucketsShow},
		{post, "/indicators/buckets", hub.ReadScope, nil, bucketJSON{}, bucketAnswer{}, "api.bucket-ask", a.bucketAsk},
		{post, "/indicators/{id}/feedback", hub.AnswerScope, nil, answerJSON{}, takenJSON{}, "api.feedback-indicator", a.feedbackIndicator},
		{post, "/search", hub.ReadScope, nil, searchJSON{}, searchAnswer{}, "api.search", a.search},
		{get, "/events", hub.ReadScope, nil, nil, liveMedia, "api.events", a.events},
		{get, "/export/{form}", hub.ReadScope, []string{"type", "min_confidence", "since", "all"}, nil, fileMedia, "api.export", a.export},
		{get, "/pulse.csv", hub.DraftScope, nil, nil, csvMedia, "api.pulse", a.pulseExport},
		{get, "/told", hub.ReadScope, nil, nil, fileMedia, "api.told", a.toldShow},
		{get, "/told/bundle", hub.ReadScope, nil, nil, stixMedia, "api.told-bundle", a.toldBundle},
		{get, "/sector", hub.ReadScope, []string{"quarters"}, nil, sector.View{}, "api.sector", a.sectorShow},
		{get, "/cases", hub.CaseScope, nil, nil, casePage{}, "api.case-list", a.caseList},
		{get, "/cases/{case}", hub.CaseScope, nil, nil, conveyor.CaseView{}, "api.case-show", a.caseShow},
		{post, "/cases/{case}/answers", hub.CaseScope, nil, answersJSON{}, conveyor.CaseView{}, "api.case-answer", a.caseAnswer},
		{post, "/cases/{case}/consent", hub.CaseScope, nil, word{}, result{}, "api.case-consent", a.caseConsent},
		{post, "/cases/{case}/object", hub.CaseScope, nil, stageJSON{}, result{}, "api.case-object", a.caseObject},
		{post, "/cases/{case}/stand", hub.CaseScope, nil, stageJSON{}, result{}, "api.case-stand", a.caseStand},
		{post, "/cases/{case}/withdraw", hub.CaseScope, nil, word{}, result{}, "api.case-withdraw", a.caseWithdraw},
		{post, "/cases/{case}/keep", hub.CaseScope, nil, untilJSON{}, result{}, "api.case-keep", a.caseKeep},
		{post, "/cases/{case}/record", hub.CaseScope, nil, word{}, fileMedia, "api.case-record", a.caseRecord},
		{get, "/reviews", hub.ReviewScope, nil, nil, reviewPage{}, "api.review-list", a.reviewList},
		{get, "/reviews/{review}", hub.ReviewScope, nil, nil, review.ModeratorView{}, "api.review-show", a.reviewShow},
		{post, "/reviews/{review}/{decision}", hub.ReviewScope, nil, word{}, result{}, "api.review-decide", a.reviewDecide},
		{get, "/drafts", hub.DraftScope, []string{"receipt"}, nil, draftPage{}, "api.draft-list", a.draftList},
		{post, "/drafts/{draft}/open", hub.DraftScope, nil, reasonJSON{}, openedJSON{}, "api.draft-open", a.draftOpen},
		{post, "/drafts/{draft}/phone", hub.DraftScope, nil, phoneJSON{}, result{}, "api.draft-phone", a.draftPhone},
		{post, "/drafts/{draft}/emergency", hub.DraftScope, nil, emergencyJSON{}, calledJSON{}, "api.draft-emergency", a.draftEmergency},
		{get, "/campaigns", hub.ReviewScope, nil, nil, campaignPage{}, "api.campaign-list", a.campaignList},
		{post, "/campaigns", hub.ReviewScope, nil, proposalJSON{}, result{}, "api.campaign-propose", a.campaignPropose},
		{get, "/advisories", hub.ReadScope, []string{"next", "product", "cve", "since", "limit"}, nil, advisoryPage{}, "api.advisory-list", a.advisoryList},
		{get, "/advisories/{id}", hub.ReadScope, nil, nil, advisoryFull{}, "api.advisory-show", a.advisoryShow},
		{get, "/advisories/{id}/csaf", hub.ReadScope, nil, nil, fileMedia, "api.advisory-csaf", a.advisoryDocument},
		{get, "/relay", hub.ReviewScope, nil, nil, relayPage{}, "api.relay-list", a.relayList},
		{post, "/relay/{id}/{decision}", hub.ReviewScope, nil, relayWord{}, result{}, "api.relay-decide", a.relayDecide},
		{get, "/editions", hub.ReceiptScope, nil, nil, editionPage{}, "api.edition-list", a.editionList},
		{post, "/editions/{id}/receipt", hub.ReceiptScope, nil, receiptJSON{}, result{}, "api.edition-receipt", a.editionReceipt},
		{get, "/products", hub.NotifyScope, nil, nil, productsJSON{}, "api.product-show", a.productShow},
		{post, "/products", hub.NotifyScope, nil, setProductsJSON{}, result{}, "api.product-set", a.productSet},
		{post, "/alerts/{id}/withdraw", hub.WithdrawScope, nil, word{}, result{}, "api.alert-withdraw", a.alertWithdraw},
		{post, "/alerts/{id}/recall", hub.WithdrawScope, nil, word{}, result{}, "api.alert-recall", a.alertRecall},
		{get, "/webhooks", hub.NotifyScope, nil, nil, webhookPage{}, "api.webhook-list", a.webhookList},
		{post, "/webhooks", hub.NotifyScope, nil, newWebhookJSON{}, madeWebhookJSON{}, "api.webhook-make", a.webhookMake},
		{post, "/webhooks/{webhook}/test", hub.NotifyScope, nil, nil, result{}, "api.webhook-test", a.webhookTest},
		{post, "/webhooks/{webhook}/remove", hub.NotifyScope, nil, nil, result{}, "api.webhook-remove", a.webhookRemove},
		{post, "/undelivered/{message}/again", hub.NotifyScope, nil, nil, result{}, "api.webhook-again", a.webhookAgain},
		{get, "/me", hub.ReadScope, nil, nil, meJSON{}, "api.me", a.me},
	}
}

// result is the answer where there is nothing to tell but that it is done.
type result struct {
	Result string `json:"result"` // "ok"
}
