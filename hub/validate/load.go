package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"isac/hub/stix"
)

// Validator checks documents against one set of schemas. It never changes after
// New and can be used by several goroutines at once.
type Validator struct {
	shapes map[string]*shape // by object type
	sdo    *shape            // common properties of SDOs and SROs, for custom types
	sco    *shape            // common properties of SCOs, for custom types
	texts  map[string]any    // the schemas as JSON, by $id, for what problems quote of them
}

// shape is what a schema set says about one object type.
type shape struct {
	schema    *jsonschema.Schema
	known     map[string]bool // names of the properties that the schema describes
	extension string          // the extension definition that the type belongs to, "" for STIX itself
}

// folders of a schema set that hold the schemas of objects, as OASIS lays them out.
var folders = []string{"common", "observables", "sdos", "sros", "extensions"}

// extensionTypes are the object types that extensions add, with their extension.
var extensionTypes = map[string]string{
	"event":  stix.EventExtension,
	"impact": stix.ImpactExtension,
	"task":   stix.TaskExtension,
}

// New compiles a schema set: *.json in the folders common, observables, sdos and
// sros (and, if there is one, extensions) of fsys or of its folder "schemas", each
// file with a $id. References are resolved within the set alone. Other folders
// are not read.
func New(fsys fs.FS) (*Validator, error) {
	if sub, err := fs.Sub(fsys, "schemas"); err == nil && !exists(fsys, "common") && exists(sub, "common") {
		fsys = sub
	}
	files, err := readSet(fsys)
	if err != nil {
		return nil, fmt.Errorf("loading schemas: %w", err)
	}
	v, err := compile(files)
	if err != nil {
		return nil, fmt.Errorf("loading schemas: %w", err)
	}
	return v, nil
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// file is one schema of a set.
type file struct {
	path string // "sdos/indicator.json"
	id   string // its $id
	text []byte
	tree any
}

func readSet(fsys fs.FS) ([]file, error) {
	var files []file
	for _, folder := range folders {
		if folder == "extensions" && !exists(fsys, folder) {
			continue
		}
		err := fs.WalkDir(fsys, folder, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || path.Ext(name) != ".json" {
				return err
			}
			f, err := readFile(fsys, name)
			if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			files = append(files, f)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func readFile(fsys fs.FS, name string) (file, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, err
	}
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&tree)
	if err != nil {
		return file{}, err
	}
	id, _ := tree["$id"].(string)
	if id == "" {
		return file{}, errors.New("the schema has no $id")
	}
	return file{path: name, id: strings.TrimSuffix(id, "#"), text: text, tree: tree}, nil
}

func compile(files []file) (*Validator, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("schema %s is not in the set", url)
	}
	v := &Validator{shapes: map[string]*shape{}, texts: map[string]any{}}
	for _, f := range files {
		err := c.AddResource(f.id, bytes.NewReader(f.text))
		if err != nil {
			return nil, fmt.Errorf("adding %s: %w", f.path, err)
		}
		v.texts[f.id] = f.tree
	}
	for _, f := range files {
		schema, err := c.Compile(f.id)
		if err != nil {
			return nil, fmt.Errorf("compiling %s: %w", f.path, err)
		}
		v.keep(f.path, schema)
	}
	return v, v.complete()
}

// keep files a schema under the object type that it is for, if it is for one.
func (v *Validator) keep(name string, schema *jsonschema.Schema) {
	s := &shape{schema: schema, known: map[string]bool{}}
	s.learn(schema, map[*jsonschema.Schema]bool{})
	folder, typ := path.Split(strings.TrimSuffix(name, ".json"))
	switch folder {
	case "sdos/", "sros/", "observables/":
		v.shapes[typ] = s
	case "common/":
		v.keepCommon(typ, s)
	default:
		s.extension = extensionTypes[typ]
		if s.extension != "" {
			v.shapes[typ] = s
		}
	}
}

func (v *Validator) keepCommon(name string, s *shape) {
	switch name {
	case "core":
		v.sdo = s
	case "cyber-observable-core":
		v.sco = s
	case "bundle", "marking-definition", "language-content", "extension-definition":
		v.shapes[name] = s
	}
}

// learn gathers the property names that a schema describes for the object itself.
func (s *shape) learn(schema *jsonschema.Schema, seen map[*jsonschema.Schema]bool) {
	if schema == nil || seen[schema] {
		return
	}
	seen[schema] = true
	for name := range schema.Properties {
		s.known[name] = true
	}
	for _, list := range [][]*jsonschema.Schema{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, part := range list {
			s.learn(part, seen)
		}
	}
	for _, part := range []*jsonschema.Schema{schema.Ref, schema.If, schema.Then, schema.Else} {
		s.learn(part, seen)
	}
}

// complete reports the first schema that a set can't do without and hasn't.
func (v *Validator) complete() error {
	if v.sdo == nil || v.sco == nil {
		return errors.New("the set lacks common/core.json or common/cyber-observable-core.json")
	}
	for _, kind := range []stix.Kind{stix.SDO, stix.SRO, stix.SCO, stix.Meta, stix.Wrapper} {
		for _, typ := range stix.Types(kind) {
			if v.shapes[typ] == nil && extensionTypes[typ] == "" {
				return fmt.Errorf("the set has no schema for the type %s", typ)
			}
		}
	}
	return nil
}
