package api

import (
	"encoding"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/locale"
)

// Endpoint is an endpoint as a page tells of it.
type Endpoint struct {
	Method, Path string
	Scope        hub.Scope
	Query        []string
	Says         string // a sentence
}

// Endpoints are all of them, in a language.
func Endpoints(lang string) []Endpoint {
	var out []Endpoint
	for _, rt := range (API{}).routes() {
		out = append(out, Endpoint{rt.method, rt.path, rt.scope, rt.query, locale.Text(lang, rt.says)})
	}
	return out
}

// describe answers GET /openapi.json, to anybody: what the API is tells nothing of what is
// in it.
func describe(w http.ResponseWriter, _ *http.Request) error {
	return httpx.WriteJSON(w, document())
}

type object map[string]any

var inPath = regexp.MustCompile(`\{(\w+)\}`)

// parameterShapes are those of the parameters of queries.
var parameterShapes = map[string]object{
	"limit": {"type": "integer", "minimum": 1, "maximum": 500}, "quarters": {"type": "integer", "minimum": 1, "maximum": mostQuarters}, "min_confidence": {"type": "integer", "minimum": 0, "maximum": 100},
	"since": {"type": "string", "format": "date-time"}, "valid_at": {"type": "string", "format": "date-time"}, "all": {"type": "boolean"},
	"severity": {"enum": []hub.Severity{hub.Critical, hub.High, hub.Medium, hub.Low}}, "stage": {"enum": []hub.Stage{hub.Flash, hub.Full, hub.Advisory}},
	"technique": {"type": "string", "pattern": techniqueForm.String()}, "cve": {"type": "string", "pattern": cveForm.String()},
}

// document is the description of the API (OpenAPI 3.1.0), made of the routes and of the
// types that their handlers read and write.
var document = sync.OnceValue(func() object {
	shapes := &shapes{components: object{}, names: map[reflect.Type]string{}}
	problem := object{"description": locale.Text("en", "api.problem"), "content": object{"application/problem+json": object{"schema": shapes.of(reflect.TypeFor[httpx.Problem]())}}}
	paths := object{}
	for _, rt := range (API{}).routes() {
		at, ok := paths[rt.path].(object)
		if !ok {
			at = object{}
			paths[rt.path] = at
		}
		at[strings.ToLower(rt.method)] = rt.operation(shapes, problem)
	}
	return object{
		"openapi":  "3.1.0",
		"info":     object{"title": "isac", "version": "1", "description": locale.Text("en", "api.about")},
		"servers":  []object{{"url": "/api/v1"}},
		"security": []object{{"token": []string{}}},
		"paths":    paths,
		"components": object{
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}},
			"schemas":         shapes.components,
		},
	}
})

// operation describes a route.
func (rt route) operation(shapes *shapes, problem object) object {
	var given []object
	for _, m := range inPath.FindAllStringSubmatch(rt.path, -1) {
		given = append(given, object{"name": m[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, name := range rt.query {
		shape, ok := parameterShapes[name]
		if !ok {
			shape = object{"type": "string"}
		}
		given = append(given, object{"name": name, "in": "query", "schema": shape})
	}
	content := object{"application/json": object{"schema": shapes.of(reflect.TypeOf(rt.answer))}}
	if media, ok := rt.answer.(mediaType); ok {
		content = object{string(media): object{}}
	}
	op := object{
		"operationId": strings.TrimPrefix(rt.says, "api."), "summary": locale.Text("en", rt.says), "x-scope": rt.scope,
		"responses": object{"200": object{"description": "ok", "content": content}, "default": problem},
	}
	if given != nil {
		op["parameters"] = given
	}
	if rt.body != nil {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": shapes.of(reflect.TypeOf(rt.body))}}}
	}
	return op
}

// shapes makes JSON schemas of types, as encoding/json writes them.
type shapes struct {
	components object
	names      map[reflect.Type]string
}

func (s *shapes) of(t reflect.Type) object {
	switch {
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case t.Implements(reflect.TypeFor[json.Marshaler]()), t.Kind() == reflect.Interface:
		return object{}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{"type": "string", "contentEncoding": "base64"}
		}
		return object{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case reflect.Struct:
		return s.component(t)
	}
	return object{"type": "integer"}
}

// component is a struct, described once.
func (s *shapes) component(t reflect.Type) object {
	name, ok := s.names[t]
	if !ok {
		name = strings.TrimSuffix(t.Name(), "JSON")
		if _, taken := s.components[name]; taken {
			name = strings.ReplaceAll(t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]+"."+name, "/", ".")
		}
		s.names[t] = name
		shape := object{"type": "object"}
		s.components[name] = shape
		properties, required := object{}, []string{}
		s.fields(t, properties, &required)
		shape["properties"], shape["required"] = properties, required
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s *shapes) fields(t reflect.Type, properties object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			s.fields(f.Type, properties, required)
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		properties[name] = s.of(f.Type)
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
