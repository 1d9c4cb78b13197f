package signin

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"isac/hub"
)

// algorithms are those that hub/review can check: ES256 and EdDSA.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
}

// Register makes a new passkey of a person known. Response is the JSON that a browser
// gives for a credential that was made with the nonce as its challenge.
func (s *Signin) Register(ctx context.Context, person, nonce string, response []byte) error {
	if !s.answered(nonce) {
		return hub.E(hub.Unsigned, "signin.bad-passkey")
	}
	k, err := s.read(nonce, response)
	if err != nil { // its text could quote what the browser sent
		return &hub.Error{Kind: hub.Invalid, Text: "signin.bad-passkey", Err: errors.New("reading passkey")}
	}
	return s.Roster.AddPasskey(ctx, person, k)
}

// read checks a registration (Web Authentication Level 2, section 7.1). Which make of
// device it is doesn't matter, so no attestation is asked for.
func (s *Signin) read(nonce string, response []byte) (hub.Passkey, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return hub.Passkey{}, err
	}
	_, err = parsed.Verify(nonce, s.host, []string{s.origin}, nil, nil, protocol.TopOriginExplicitVerificationMode,
		false, true, true, nil, algorithms, protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
	if err != nil {
		return hub.Passkey{}, err
	}
	at := parsed.Response.AttestationObject.AuthData.AttData
	key, err := publicKey(at.CredentialPublicKey)
	return hub.Passkey{ID: at.CredentialID, Key: key, RP: s.host}, err
}

// publicKey reads a COSE key (RFC 9053) into the form of hub.Passkey.
func publicKey(data []byte) ([]byte, error) {
	parsed, err := webauthncose.ParsePublicKey(data)
	if err != nil {
		return nil, err
	}
	switch k := parsed.(type) {
	case webauthncose.EC2PublicKeyData:
		point := slices.Concat([]byte{4}, k.XCoord, k.YCoord)
		_, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		return point, err
	case webauthncose.OKPPublicKeyData:
		return k.XCoord, nil
	}
	return nil, errors.New("another kind of key")
}
