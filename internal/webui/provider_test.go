package webui_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/signin"
)

// provider is an identity provider as OpenID Connect describes it, whose user is always
// signed in.
type provider struct {
	t   *testing.T
	h   *hubtest.Hub
	key *rsa.PrivateKey
	*httptest.Server

	mu      sync.Mutex
	subject string                // who is signed in there
	spoil   func(claims)          // what is wrong with its word
	asked   map[string]url.Values // by code
}

type claims map[string]any

func newProvider(t *testing.T, h *hubtest.Hub) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, h: h, key: key, asked: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(claims{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p.mu.Lock()
	code := rand.Text()
	p.asked[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"state": {q.Get("state")}, "code": {code}}.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	q, ok := p.asked[r.PostFormValue("code")]
	delete(p.asked, r.PostFormValue("code"))
	subject, spoil := p.subject, p.spoil
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if !ok || id != "hub" || secret != "secret" || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || q.Get("redirect_uri") != r.PostFormValue("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	word := claims{"iss": p.URL, "sub": subject, "aud": "hub", "nonce": q.Get("nonce"), "email": "same@example.jp", "email_verified": true, "iat": p.h.Now().Unix(), "exp": p.h.Now().Add(time.Minute).Unix()}
	if spoil != nil {
		spoil(word)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "1"}}, nil)
	if err != nil {
		p.t.Error(err)
		return
	}
	data, err := json.Marshal(word)
	if err != nil {
		p.t.Error(err)
		return
	}
	signed, err := signer.Sign(data)
	if err != nil {
		p.t.Error(err)
		return
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		p.t.Error(err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(claims{"access_token": "x", "token_type": "Bearer", "id_token": text})
}

// as says who is signed in at the provider, and what is wrong with its word.
func (p *provider) as(subject string, spoil func(claims)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subject, p.spoil = subject, spoil
}

// through goes to the provider and comes back.
func (b *browser) through(path string) answer {
	b.h.T.Helper()
	a := b.do(http.MethodGet, path, nil)
	if a.status != http.StatusSeeOther {
		return a
	}
	w, err := b.client.Get(a.header.Get("Location"))
	if err != nil {
		b.h.T.Fatal(err)
	}
	_ = w.Body.Close()
	at, err := url.Parse(w.Header.Get("Location"))
	if err != nil || at.Path != "/signin/back" {
		b.h.T.Fatalf("the provider leads to %s, %v", at.Path, err)
	}
	return b.do(http.MethodGet, at.RequestURI(), nil)
}

func TestSigningInByAProvider(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newProvider(t, h)
	for i := range 2 { // two organisations of one provider
		err := h.Signin.Trust(signin.Provider{Organisation: h.Members[i].ID, Issuer: p.URL, ClientID: "hub", Secret: "secret"})
		if err != nil {
			t.Fatal(err)
		}
	}
	who, colleague, other := h.Person(0, hub.Reporter), h.Person(0, hub.Reader), h.Person(1, hub.Reporter)
	with := func(i int) string { return "/signin/with/" + h.Signin.ProviderOf(h.Members[i].ID) }
	invite := func(x hubtest.Person) string {
		code, err := h.Roster.Invite(t.Context(), x.ID, h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return "/invite/" + code + "/provider"
	}
	p.as("subject-1", nil)
	if a := newBrowser(h).through(with(0)); a.status != http.StatusForbidden {
		t.Errorf("somebody who wasn't invited: %d", a.status)
	}
	b, first := newBrowser(h), invite(who)
	if a := b.through(first); a.status != http.StatusSeeOther || a.header.Get("Location") != "/me" {
		t.Fatalf("by the invitation: %d %s", a.status, a.header.Get("Location"))
	}
	if a := b.do(http.MethodGet, "/me", nil); !strings.Contains(a.body, who.ID) {
		t.Error("by the invitation somebody else came in")
	}
	if a := newBrowser(h).through(first); a.status != http.StatusNotFound {
		t.Errorf("an invitation twice: %d", a.status)
	}
	if a := newBrowser(h).through(invite(colleague)); a.status != http.StatusConflict {
		t.Errorf("one subject for two people: %d", a.status)
	}
	again := newBrowser(h)
	if a := again.through(with(0) + "?back=/sector"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/sector" {
		t.Errorf("afterwards: %d %s", a.status, a.header.Get("Location"))
	}
	if a := again.do(http.MethodGet, "/me", nil); !strings.Contains(a.body, who.ID) {
		t.Error("afterwards somebody else came in")
	}
	// the provider's word makes no passkey, and decides nothing
	if a := again.do(http.MethodPost, "/me/passkeys", url.Values{"nonce": {"x"}, "credential": {"{}"}}); a.status != http.StatusForbidden {
		t.Errorf("a passkey by the provider's word: %d", a.status)
	}
	if a := newBrowser(h).through(with(1)); a.status != http.StatusForbidden {
		t.Errorf("the door of another organisation: %d", a.status)
	}
	p.as("subject-2", nil) // the same mail address
	if a := newBrowser(h).through(with(0)); a.status != http.StatusForbidden {
		t.Errorf("another subject of the same mail address: %d", a.status)
	}
	if a := newBrowser(h).through(invite(other)); a.status != http.StatusSeeOther {
		t.Errorf("the other organisation's: %d", a.status)
	}
	p.as("subject-1", nil)
	for what, spoil := range map[string]func(claims){
		"for another client":  func(c claims) { c["aud"] = "somebody" },
		"of another issuer":   func(c claims) { c["iss"] = "https://attacker.example" },
		"for another request": func(c claims) { c["nonce"] = "x" },
		"that has ended":      func(c claims) { c["exp"] = h.Now().Add(-time.Hour).Unix() },
		"without a subject":   func(c claims) { delete(c, "sub") },
	} {
		p.as("subject-1", spoil)
		bad := newBrowser(h)
		if a := bad.through(with(0)); a.status == http.StatusSeeOther || bad.cookies["isac-session"] != nil {
			t.Errorf("a word %s: %d", what, a.status)
		}
	}
	p.as("subject-1", nil)
	lured := newBrowser(h)
	a := lured.do(http.MethodGet, with(0), nil)
	lured.cookies = map[string]*http.Cookie{} // another browser than that which was sent
	at, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if a := lured.do(http.MethodGet, "/signin/back?"+url.Values{"state": {at.Query().Get("state")}, "code": {"x"}}.Encode(), nil); a.status != http.StatusUnauthorized {
		t.Errorf("a browser that was never sent away: %d", a.status)
	}
	if a := newBrowser(h).do(http.MethodGet, "/signin/with/"+h.Members[0].ID, nil); a.status != http.StatusNotFound {
		t.Errorf("a guessed door: %d", a.status)
	}
	if err := h.Signin.Trust(signin.Provider{Organisation: "x", Issuer: "http://idp.example.jp", ClientID: "hub", Secret: "s"}); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a provider without encryption: %v", err)
	}
}
