package api

import (
	"context"
	"net/http"
	"regexp"

	"isac/internal/httpx"
)

// withParameters reads the query of a request for its handler, which finds it by given.
func withParameters(r *http.Request, known []string) (*http.Request, error) {
	q, err := httpx.ReadQuery(r, known)
	if err != nil {
		return nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), parametersKey{}, q)), nil
}

type parametersKey struct{}

// given are the parameters of a request.
func given(r *http.Request) *httpx.Query {
	q, _ := r.Context().Value(parametersKey{}).(*httpx.Query)
	return q
}

// Names of these classes have one form; another could match nothing.
var (
	techniqueForm = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	cveForm       = regexp.MustCompile(`^CVE-\d{4}-\d{4,19}$`)
)

// name is the value of a parameter that names something.
func name(q *httpx.Query, class string) string {
	v := q.Text(class)
	switch {
	case v == "":
	case class == "technique" && !techniqueForm.MatchString(v):
		q.Refuse("http.bad-form", class, "T1486, T1021.001")
	case class == "cve" && !cveForm.MatchString(v):
		q.Refuse("http.bad-form", class, "CVE-2023-34362")
	}
	return v
}
