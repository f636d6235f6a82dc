package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	ImportMap  map[string]string
	Standard   bool
	DepOnly    bool
	Module     *struct{ Path, Version string }
	Error      *struct{ Err string }
}

// loaded is one GOOS's view: the type-checked packages, and which of them were asked for.
type loaded struct {
	packages map[string]*types.Package
	wanted   map[string]bool
	modules  map[string]string
}

// load type-checks the packages that match the patterns, and all they import, without bodies.
func load(dir, system string, patterns []string) (*loaded, error) {
	args := append([]string{"list", "-e", "-deps",
		"-json=ImportPath,Dir,GoFiles,CgoFiles,ImportMap,Standard,DepOnly,Module,Error"}, patterns...)
	command := exec.Command("go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	result := &loaded{map[string]*types.Package{}, map[string]bool{}, map[string]string{}}
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return result, nil
		} else if err != nil {
			return nil, err
		}
		if pkg.ImportPath == "unsafe" {
			result.packages["unsafe"] = types.Unsafe
			continue
		}
		result.check(pkg)
	}
}

func (l *loaded) check(pkg listed) {
	if pkg.Error != nil && len(pkg.GoFiles) == 0 {
		if !pkg.DepOnly {
			log.Printf("%s: %s", pkg.ImportPath, pkg.Error.Err)
		}
		return
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range append(pkg.GoFiles, pkg.CgoFiles...) {
		file, err := parser.ParseFile(fset, filepath.Join(pkg.Dir, name), nil, parser.SkipObjectResolution)
		if err == nil {
			files = append(files, file)
		}
	}
	config := types.Config{IgnoreFuncBodies: true, FakeImportC: true, Error: func(error) {},
		Importer: importer{l, pkg.ImportMap}, Sizes: types.SizesFor("gc", "amd64")}
	checked, _ := config.Check(pkg.ImportPath, fset, files, nil)
	l.packages[pkg.ImportPath] = checked
	if !pkg.DepOnly && !hidden(pkg.ImportPath) {
		l.wanted[pkg.ImportPath] = true
		if pkg.Module != nil {
			l.modules[pkg.Module.Path] = pkg.Module.Version
		}
	}
}

// hidden says whether other modules cannot import a package.
func hidden(path string) bool {
	return strings.HasPrefix(path, "vendor/") || strings.HasPrefix(path, "cmd/") ||
		strings.Contains("/"+path+"/", "/internal/")
}

type importer struct {
	loaded  *loaded
	renamed map[string]string
}

func (i importer) Import(path string) (*types.Package, error) {
	if real, ok := i.renamed[path]; ok {
		path = real
	}
	if pkg := i.loaded.packages[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}
