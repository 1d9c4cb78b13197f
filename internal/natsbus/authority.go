package natsbus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"isac/internal/keep"
)

// Authority holds the operator and account keys of the hub's NATS and issues
// credentials from them. Its folder is secret: whoever reads it is every member.
type Authority struct {
	dir      string
	operator nkeys.KeyPair
	sys      nkeys.KeyPair
	hub      nkeys.KeyPair
	members  nkeys.KeyPair
	role     nkeys.KeyPair // scoped signing key of MEMBERS: its template is a member's whole right
}

// MemberPayload is the largest message in bytes that a member may send: a sealed
// report of 4 MiB and its envelope.
const MemberPayload = 6 << 20

var keyFiles = []struct {
	name   string
	create func() (nkeys.KeyPair, error)
	set    func(*Authority, nkeys.KeyPair)
}{
	{"operator.nk", nkeys.CreateOperator, func(a *Authority, k nkeys.KeyPair) { a.operator = k }},
	{"sys.nk", nkeys.CreateAccount, func(a *Authority, k nkeys.KeyPair) { a.sys = k }},
	{"hub.nk", nkeys.CreateAccount, func(a *Authority, k nkeys.KeyPair) { a.hub = k }},
	{"members.nk", nkeys.CreateAccount, func(a *Authority, k nkeys.KeyPair) { a.members = k }},
	{"member-role.nk", nkeys.CreateAccount, func(a *Authority, k nkeys.KeyPair) { a.role = k }},
}

// OpenAuthority reads the keys in dir, making the missing ones.
func OpenAuthority(dir string) (*Authority, error) {
	err := keep.Folder(dir)
	if err != nil {
		return nil, fmt.Errorf("opening key folder: %w", err)
	}
	a := &Authority{dir: dir}
	for _, f := range keyFiles {
		k, err := openKey(filepath.Join(dir, f.name), f.create)
		if err != nil {
			return nil, err
		}
		f.set(a, k)
	}
	return a, nil
}

func openKey(path string, create func() (nkeys.KeyPair, error)) (nkeys.KeyPair, error) {
	seed, err := os.ReadFile(path)
	if err == nil {
		k, err := nkeys.FromSeed(seed)
		if err != nil {
			return nil, fmt.Errorf("reading key %s: %w", filepath.Base(path), err)
		}
		return k, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	k, err := create()
	if err != nil {
		return nil, fmt.Errorf("making key %s: %w", filepath.Base(path), err)
	}
	seed, err = k.Seed()
	if err != nil {
		return nil, fmt.Errorf("making key %s: %w", filepath.Base(path), err)
	}
	err = keep.New(path, seed)
	if err != nil {
		return nil, fmt.Errorf("keeping key: %w", err)
	}
	return k, nil
}

func public(k nkeys.KeyPair) string {
	p, err := k.PublicKey()
	if err != nil {
		panic("nats key without public half") // nkeys never returns one
	}
	return p
}

// OperatorClaims are the decoded claims of the self-signed operator, trusted by
// every server of the hub.
func (a *Authority) OperatorClaims() (*jwt.OperatorClaims, error) {
	token, err := a.operatorToken()
	if err != nil {
		return nil, err
	}
	return jwt.DecodeOperatorClaims(token)
}

// accountClaims returns the claims of SYS, HUB and MEMBERS with no revocation.
func (a *Authority) accountClaims() map[string]*jwt.AccountClaims {
	sys := jwt.NewAccountClaims(public(a.sys))
	sys.Name = "SYS"
	hubc := jwt.NewAccountClaims(public(a.hub))
	hubc.Name = "HUB"
	hubc.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
	members := jwt.NewAccountClaims(public(a.members))
	members.Name = "MEMBERS"
	for _, subject := range []string{"isac.report.*", "isac.catchup.*", "isac.case.*", "isac.feedback.*"} {
		hubc.Exports.Add(&jwt.Export{Name: subject, Subject: jwt.Subject(subject), Type: jwt.Service, ResponseType: jwt.ResponseTypeSingleton})
		members.Imports.Add(&jwt.Import{Name: subject, Subject: jwt.Subject(subject), Account: public(a.hub), Type: jwt.Service})
	}
	for _, subject := range []string{"isac.alert.>", "isac.status.*"} {
		hubc.Exports.Add(&jwt.Export{Name: subject, Subject: jwt.Subject(subject), Type: jwt.Stream})
		members.Imports.Add(&jwt.Import{Name: subject, Subject: jwt.Subject(subject), Account: public(a.hub), Type: jwt.Stream})
	}
	members.SigningKeys.AddScopedSigner(a.memberTemplate())
	return map[string]*jwt.AccountClaims{"sys": sys, "hub": hubc, "members": members}
}

// memberTemplate is all that a member may do. {{subject()}} is the member's own
// public nkey, so nobody can speak or listen for another.
func (a *Authority) memberTemplate() *jwt.UserScope {
	s := jwt.NewUserScope()
	s.Key = public(a.role)
	s.Role = "member"
	s.Template.Pub.Allow.Add("isac.report.{{subject()}}", "isac.catchup.{{subject()}}", "isac.case.{{subject()}}", "isac.feedback.{{subject()}}")
	s.Template.Sub.Allow.Add("isac.alert.>", "isac.status.{{subject()}}", "_INBOX_{{subject()}}.>")
	s.Template.Limits = jwt.Limits{
		UserLimits: jwt.UserLimits{Src: jwt.CIDRList{}},
		NatsLimits: jwt.NatsLimits{Subs: 10, Data: jwt.NoLimit, Payload: MemberPayload},
	}
	s.Template.AllowedConnectionTypes.Add(jwt.ConnectionTypeStandard, jwt.ConnectionTypeWebsocket,
		jwt.ConnectionTypeLeafnode, jwt.ConnectionTypeLeafnodeWS) // a server of the member's own may stand between
	return s
}

// Accounts returns the signed account tokens by account key. The MEMBERS token is
// the stored one where there is one, because it carries the revocations.
func (a *Authority) Accounts() (map[string]string, error) {
	out := map[string]string{}
	for name, claims := range a.accountClaims() {
		if name == "members" {
			err := a.carryRevocations(claims)
			if err != nil {
				return nil, err
			}
		}
		token, err := a.sign(claims)
		if err != nil {
			return nil, err
		}
		out[claims.Subject] = token
	}
	return out, nil
}

func (a *Authority) carryRevocations(claims *jwt.AccountClaims) error {
	token, err := os.ReadFile(a.membersFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading revocations: %w", err)
	}
	old, err := jwt.DecodeAccountClaims(string(token))
	if err != nil {
		return fmt.Errorf("reading revocations: %w", err)
	}
	claims.Revocations = old.Revocations
	return nil
}

// take keeps the revocations of a MEMBERS token that the operator signed, besides the
// kept ones.
func (a *Authority) take(token string) error {
	theirs, err := jwt.DecodeAccountClaims(token)
	if err != nil {
		return fmt.Errorf("reading revocations: %w", err)
	}
	if theirs.Issuer != public(a.operator) || theirs.Subject != public(a.members) {
		return errors.New("reading revocations: not the members' account")
	}
	claims := a.accountClaims()["members"]
	err = a.carryRevocations(claims)
	if err != nil {
		return err
	}
	more := false
	for user, at := range theirs.Revocations {
		if at > claims.Revocations[user] {
			claims.RevokeAt(user, time.Unix(at, 0))
			more = true
		}
	}
	if !more {
		return nil
	}
	return a.keepMembers(claims)
}

func (a *Authority) sign(claims *jwt.AccountClaims) (string, error) {
	v := jwt.CreateValidationResults()
	claims.Validate(v)
	if !v.IsEmpty() {
		return "", fmt.Errorf("checking account %s: %s", claims.Name, v.Issues[0].Description)
	}
	token, err := claims.Encode(a.operator)
	if err != nil {
		return "", fmt.Errorf("signing account %s: %w", claims.Name, err)
	}
	return token, nil
}

func (a *Authority) membersFile() string { return filepath.Join(a.dir, "members.jwt") }

// Revoke returns the MEMBERS token that shuts out the user key from now on, and
// keeps it. Credentials issued in the same second are shut out too.
func (a *Authority) Revoke(user string, now time.Time) (string, error) {
	claims := a.accountClaims()["members"]
	err := a.carryRevocations(claims)
	if err != nil {
		return "", err
	}
	claims.RevokeAt(user, now)
	err = a.keepMembers(claims)
	if err != nil {
		return "", err
	}
	return a.sign(claims)
}

func (a *Authority) keepMembers(claims *jwt.AccountClaims) error {
	token, err := a.sign(claims)
	if err != nil {
		return err
	}
	err = keep.Replace(a.membersFile(), []byte(token))
	if err != nil {
		return fmt.Errorf("keeping revocation: %w", err)
	}
	return nil
}

// IssueMember signs a credentials file for a new member user key: its public key
// and the file's bytes. The seed in it is nowhere else. The name in the token is
// random because servers log it.
func (a *Authority) IssueMember(expires time.Time) (user string, creds []byte, err error) {
	k, err := nkeys.CreateUser()
	if err != nil {
		return "", nil, fmt.Errorf("making member key: %w", err)
	}
	claims := jwt.NewUserClaims(public(k))
	claims.Name = "m" + strings.ToLower(public(k)[40:])
	claims.IssuerAccount = public(a.members)
	claims.Expires = expires.Unix()
	claims.SetScoped(true)
	creds, err = encodeCreds(claims, a.role, k)
	return public(k), creds, err
}

// issueHub signs credentials for one of the hub's own connections: "hub" or "sys".
func (a *Authority) issueHub(account string) ([]byte, error) {
	k, err := nkeys.CreateUser()
	if err != nil {
		return nil, fmt.Errorf("making hub key: %w", err)
	}
	signer := a.hub
	if account == "sys" {
		signer = a.sys
	}
	claims := jwt.NewUserClaims(public(k))
	claims.Name = account
	claims.Limits.NatsLimits = jwt.NatsLimits{Subs: jwt.NoLimit, Data: jwt.NoLimit, Payload: jwt.NoLimit}
	return encodeCreds(claims, signer, k)
}

func encodeCreds(claims *jwt.UserClaims, signer, user nkeys.KeyPair) ([]byte, error) {
	token, err := claims.Encode(signer)
	if err != nil {
		return nil, fmt.Errorf("signing credentials: %w", err)
	}
	seed, err := user.Seed()
	if err != nil {
		return nil, fmt.Errorf("signing credentials: %w", err)
	}
	creds, err := jwt.FormatUserConfig(token, seed)
	if err != nil {
		return nil, fmt.Errorf("writing credentials: %w", err)
	}
	return creds, nil
}
