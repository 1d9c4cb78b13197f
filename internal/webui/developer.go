package webui

import "isac/internal/api"

// developerPage tells programmers what the API is.
type developerPage struct {
	Frame
	Endpoints []api.Endpoint
}

func (developerPage) template() string { return "developer" }

// developerShow answers GET /developer, to anybody.
func (u *UI) developerShow(v *visit) error {
	return v.show(developerPage{v.frame(), api.Endpoints(v.lang)})
}
