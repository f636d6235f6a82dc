package main

import (
	"fmt"
	"go/types"
	"sort"
	"strings"
)

// entry holds a package's lines: its imports in order of use and a line for each exported object.
type entry struct {
	name    string
	imports []string
	index   map[string]int
	objects map[string]string
	typed   map[string]string // type name -> its lines
	consts  map[string]string // constant name -> type
}

// table collects packages over several GOOS values; what came first stays.
type table struct {
	entries map[string]*entry
	modules map[string]string
	queue   []*types.TypeName
}

func newTable() *table {
	return &table{entries: map[string]*entry{}, modules: map[string]string{}}
}

func (t *table) sorted() []string { return sortedKeys(t.entries) }

func (t *table) entry(pkg *types.Package) *entry {
	e := t.entries[pkg.Path()]
	if e == nil {
		e = &entry{pkg.Name(), nil, map[string]int{}, map[string]string{}, map[string]string{}, map[string]string{}}
		t.entries[pkg.Path()] = e
	}
	return e
}

// add takes the exported objects of the wanted packages, then every type that they mention.
func (t *table) add(l *loaded) {
	for module, version := range l.modules {
		t.modules[module] = version
	}
	for _, path := range sortedKeys(l.wanted) {
		pkg := l.packages[path]
		for _, name := range pkg.Scope().Names() {
			if object := pkg.Scope().Lookup(name); object.Exported() {
				t.object(pkg, object)
			}
		}
	}
	for len(t.queue) > 0 {
		next := t.queue[len(t.queue)-1]
		t.queue = t.queue[:len(t.queue)-1]
		t.object(next.Pkg(), next)
	}
}

func (t *table) object(pkg *types.Package, object types.Object) {
	e := t.entry(pkg)
	w := &writer{table: t, entry: e, pkg: pkg}
	name := object.Name()
	switch o := object.(type) {
	case *types.Func:
		if _, ok := e.objects[name]; !ok {
			e.objects[name] = "F " + name + " " + w.signature(o.Signature())
		}
	case *types.Var:
		if _, ok := e.objects[name]; !ok {
			e.objects[name] = "V " + name + " " + w.typ(o.Type())
		}
	case *types.Const:
		if _, ok := e.consts[name]; !ok {
			e.consts[name] = w.typ(o.Type())
		}
	case *types.TypeName:
		if _, ok := e.typed[name]; !ok {
			e.typed[name] = ""
			e.typed[name] = w.declaration(o)
		}
	}
}

// render gives a package's chunk: name, imports, then F, V, T (with m and M) and C lines.
func (t *table) render(path string) string {
	e := t.entries[path]
	lines := []string{e.name, strings.Join(e.imports, " ")}
	for _, name := range sortedKeys(e.objects) {
		lines = append(lines, e.objects[name])
	}
	for _, name := range sortedKeys(e.typed) {
		lines = append(lines, e.typed[name])
	}
	grouped := map[string][]string{}
	for _, name := range sortedKeys(e.consts) {
		grouped[e.consts[name]] = append(grouped[e.consts[name]], name)
	}
	for _, kind := range sortedKeys(grouped) {
		lines = append(lines, "C "+kind+" "+strings.Join(grouped[kind], " "))
	}
	if len(lines) == 2 {
		return ""
	}
	return strings.Join(lines, "\n")
}

// writer encodes types as one package's lines mention them.
type writer struct {
	table *table
	entry *entry
	pkg   *types.Package
}

func (w *writer) declaration(o *types.TypeName) string {
	if o.IsAlias() {
		return "A " + o.Name() + " " + w.typ(o.Type())
	}
	named, ok := o.Type().(*types.Named)
	if !ok {
		return "A " + o.Name() + " " + w.typ(o.Type())
	}
	head := "T " + o.Name() + w.params(named.TypeParams()) + " " + w.typ(named.Underlying())
	var lines []string
	for i := range named.NumMethods() {
		method := named.Method(i)
		if !method.Exported() {
			continue
		}
		signature := method.Signature()
		kind := "m "
		if _, pointer := signature.Recv().Type().(*types.Pointer); pointer {
			kind = "M "
		}
		lines = append(lines, kind+method.Name()+" "+w.signature(signature))
	}
	sort.Strings(lines)
	return strings.Join(append([]string{head}, lines...), "\n")
}

func (w *writer) params(list *types.TypeParamList) string {
	if list.Len() == 0 {
		return ""
	}
	parts := make([]string, list.Len())
	for i := range list.Len() {
		parts[i] = list.At(i).Obj().Name() + ":" + w.constraint(list.At(i).Constraint())
	}
	return "<" + strings.Join(parts, ",") + ">"
}

// constraint is a type parameter's single core type, or its interface.
func (w *writer) constraint(t types.Type) string {
	face, ok := t.Underlying().(*types.Interface)
	if !ok {
		return w.typ(t)
	}
	if face.NumEmbeddeds() == 1 && face.NumExplicitMethods() == 0 {
		if union, ok := face.EmbeddedType(0).(*types.Union); ok && union.Len() == 1 {
			return w.typ(union.Term(0).Type())
		}
	}
	if face.NumMethods() == 0 {
		return "any"
	}
	return w.typ(t)
}

func (w *writer) signature(s *types.Signature) string {
	return w.params(s.TypeParams()) + w.tuple(s.Params(), s.Variadic()) + w.tuple(s.Results(), false)
}

func (w *writer) tuple(list *types.Tuple, variadic bool) string {
	parts := make([]string, list.Len())
	for i := range list.Len() {
		t := list.At(i).Type()
		if slice, ok := t.(*types.Slice); ok && variadic && i == list.Len()-1 {
			parts[i] = "." + "." + w.typ(slice.Elem())
			continue
		}
		parts[i] = w.typ(t)
	}
	return "(" + strings.Join(parts, ",") + ")"
}

func (w *writer) typ(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return w.basic(t)
	case *types.Named:
		return w.named(t)
	case *types.Pointer:
		return "*" + w.typ(t.Elem())
	case *types.Slice:
		return "[" + w.typ(t.Elem())
	case *types.Array:
		return "]" + w.typ(t.Elem())
	case *types.Map:
		return "{" + w.typ(t.Key()) + ":" + w.typ(t.Elem())
	case *types.Chan:
		return "^" + w.typ(t.Elem())
	case *types.Signature:
		return w.signature(t)
	case *types.Struct:
		return w.structure(t)
	case *types.Interface:
		return w.face(t)
	case *types.TypeParam:
		return "$" + t.Obj().Name()
	}
	return "?"
}

func (w *writer) basic(t *types.Basic) string {
	switch {
	case t.Kind() == types.Invalid:
		return "?"
	case t.Kind() == types.UnsafePointer:
		return "uintptr"
	case t.Info()&types.IsUntyped != 0:
		return "~" + strings.TrimPrefix(t.Name(), "untyped ")
	}
	return t.Name()
}

func (w *writer) named(t *types.Named) string {
	object := t.Obj()
	if object.Pkg() == nil {
		return object.Name()
	}
	name := "." + object.Name()
	if object.Pkg() != w.pkg {
		name = fmt.Sprint(w.imported(object.Pkg().Path())) + name
	}
	w.mention(object)
	if t.TypeArgs().Len() == 0 {
		return name
	}
	parts := make([]string, t.TypeArgs().Len())
	for i := range t.TypeArgs().Len() {
		parts[i] = w.typ(t.TypeArgs().At(i))
	}
	return name + "<" + strings.Join(parts, ",") + ">"
}

// mention queues a type unless its package is in the table's other half (std for third party).
func (w *writer) mention(object *types.TypeName) {
	if object.Parent() != object.Pkg().Scope() || !keeps(w.pkg.Path(), object.Pkg().Path()) {
		return
	}
	e := w.table.entry(object.Pkg())
	if _, ok := e.typed[object.Name()]; !ok {
		w.table.queue = append(w.table.queue, object)
	}
}

// keeps says whether a table about `from` may hold types of `to`: std stays apart.
func keeps(from, to string) bool {
	return strings.Contains(strings.SplitN(to, "/", 2)[0], ".") ||
		!strings.Contains(strings.SplitN(from, "/", 2)[0], ".")
}

func (w *writer) imported(path string) int {
	at, ok := w.entry.index[path]
	if !ok {
		at = len(w.entry.imports)
		w.entry.index[path] = at
		w.entry.imports = append(w.entry.imports, path)
	}
	return at
}

func (w *writer) structure(t *types.Struct) string {
	var parts []string
	for i := range t.NumFields() {
		field := t.Field(i)
		if !field.Exported() && !field.Embedded() {
			continue
		}
		mark := ""
		if field.Embedded() {
			mark = "!"
		}
		parts = append(parts, mark+field.Name()+" "+w.typ(field.Type()))
	}
	return "S{" + strings.Join(parts, ";") + "}"
}

// face writes an interface with its complete method set, embedded ones included.
func (w *writer) face(t *types.Interface) string {
	parts := make([]string, t.NumMethods())
	for i := range t.NumMethods() {
		method := t.Method(i)
		parts[i] = method.Name() + " " + w.signature(method.Signature())
	}
	return "I{" + strings.Join(parts, ";") + "}"
}
