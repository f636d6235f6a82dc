"""Entry points and their labels."""

from __future__ import annotations

import pytest

from tests.program.golang.code import entries, linker

ROUTES = [
    ("net/http", 'http.HandleFunc("/a", h)', "h(w http.ResponseWriter, r *http.Request)", "ANY /a"),
    ("net/http", 'm := http.NewServeMux(); m.HandleFunc("GET /a/{id}", h)',
     "h(w http.ResponseWriter, r *http.Request)", "GET /a/{id}"),
    ("github.com/gin-gonic/gin", 'r := gin.Default(); g := r.Group("/v1"); g.POST("/a", h)',
     "h(c *gin.Context)", "POST /v1/a"),
    ("github.com/labstack/echo/v4", 'e := echo.New(); e.GET("/a", h)', "h(c echo.Context) error",
     "GET /a"),
    ("github.com/go-chi/chi/v5",
     'r := chi.NewRouter(); r.Route("/v1", func(r chi.Router) { r.Group(func(r chi.Router) {'
     ' r.With(nil).Get("/a", h) }) })', "h(w http.ResponseWriter, r *http.Request)", "GET /v1/a"),
    ("github.com/go-chi/chi/v5",
     'r := chi.NewRouter(); s := chi.NewRouter(); s.Get("/a", h); r.Mount("/sub", s)',
     "h(w http.ResponseWriter, r *http.Request)", "GET /sub/a"),
    ("github.com/gofiber/fiber/v2", 'a := fiber.New(); a.Group("/v1").Put("/a", h)',
     "h(c *fiber.Ctx) error", "PUT /v1/a"),
    ("github.com/gorilla/mux",
     'r := mux.NewRouter(); s := r.PathPrefix("/v1").Subrouter();'
     ' s.HandleFunc("/a/{id:[0-9]+}", h).Methods("GET", "POST")',
     "h(w http.ResponseWriter, r *http.Request)", "GET,POST /v1/a/{id}"),
    ("github.com/julienschmidt/httprouter", 'r := httprouter.New(); r.DELETE("/a/:id", h)',
     "h(w http.ResponseWriter, r *http.Request, p httprouter.Params)", "DELETE /a/:id"),
]  # fmt: skip


@pytest.mark.parametrize(("package", "text", "handler", "label"), ROUTES, ids=lambda x: str(x)[:30])
def test_route(package: str, text: str, handler: str, label: str) -> None:
    imports = f'import "{package}"\n' + ('import "net/http"\n' if "http." in handler else "")
    imports = imports if package != "net/http" else 'import "net/http"\n'
    go = linker({"a.go": f"package main\n{imports}func {handler} {{}}\nfunc main() {{ {text} }}"})
    assert ("request", label) in entries(go)


def _entries(text: str) -> set[tuple[str, str]]:
    return entries(linker({"a.go": "package main\n" + text}))


def test_handler_types_and_middleware_makers() -> None:
    go = linker(
        {
            "a.go": """package main
import "net/http"
type api struct{}
func (*api) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func (a *api) list() http.HandlerFunc { return func(w http.ResponseWriter, r *http.Request) {} }
func auth(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { next(w, r) }
}
func plain(w http.ResponseWriter, r *http.Request) {}
func main() {
	a := &api{}
	http.Handle("/type", a)
	http.HandleFunc("/list", a.list())
	http.HandleFunc("/auth", auth(plain))
	http.ListenAndServe(":1", http.HandlerFunc(plain))
}
"""
        }
    )
    found = {
        (e.label, go.files[e.function[0]].functions[e.function[1]].name)
        for e in go.link().entry_points
        if e.kind == "request"
    }
    assert {
        ("ANY /type", "ServeHTTP"),
        ("ANY /list", ""),
        ("ANY /auth", "plain"),
        ("ANY /auth", ""),
        ("ANY *", "plain"),
    } <= found


def test_wrapper_around_a_router() -> None:
    found = _entries("""
import "net/http"
type router struct { mux *http.ServeMux }
func (r *router) handle(verb, path string, h http.HandlerFunc) {
	r.mux.HandleFunc(verb+" /api"+path, func(w http.ResponseWriter, q *http.Request) { h(w, q) })
}
func (r *router) get(path string, h http.HandlerFunc) { r.handle("GET", path, h) }
func users(w http.ResponseWriter, r *http.Request) {}
const usersPath = "/users"
func main() { r := &router{}; r.get(usersPath, users) }
""")
    assert ("request", "GET /api/users") in found


def test_maps_from_methods_to_handlers() -> None:
    """A string, a constant of the repo and one of net/http name the method."""
    text = """import ("net/http"; "github.com/gorilla/handlers")
const verb = "PUT"
func list(w http.ResponseWriter, r *http.Request) {}
func put(w http.ResponseWriter, r *http.Request) {}
func drop(w http.ResponseWriter, r *http.Request) {}
func tags(w http.ResponseWriter, r *http.Request) {
	by := handlers.MethodHandler{"GET": http.HandlerFunc(list), verb: http.HandlerFunc(put)}
	by[http.MethodDelete] = http.HandlerFunc(drop)
	by.ServeHTTP(w, r)
}
func main() { http.HandleFunc("/tags", tags) }"""
    wanted = {("request", f"{verb} /tags") for verb in ("GET", "PUT", "DELETE")}
    assert wanted <= _entries(text)


def test_route_table() -> None:
    found = _entries("""
import "net/http"
type route struct { Method, Path string; Handler http.HandlerFunc }
func list(w http.ResponseWriter, r *http.Request) {}
var routes = []route{{"GET", "/list", list}}
func main() {
	for _, r := range routes { http.HandleFunc(r.Path, r.Handler) }
}
""")
    assert any(kind == "request" for kind, _ in found)


def test_grpc_service_through_generated_code() -> None:
    found = _entries("""
import ("context"; "google.golang.org/grpc")
var desc = grpc.ServiceDesc{}
type GreeterServer interface { Hello(context.Context, *int) (*int, error) }
func RegisterGreeterServer(s grpc.ServiceRegistrar, srv GreeterServer) {
	s.RegisterService(&desc, srv)
}
type greeter struct{}
func (*greeter) Hello(ctx context.Context, in *int) (*int, error) { return nil, nil }
func main() { s := grpc.NewServer(); RegisterGreeterServer(s, &greeter{}) }
""")
    assert ("request", "gRPC greeter/Hello") in found


def test_background_command_line_startup_and_tests() -> None:
    go = linker({
        "main.go": """package main
import ("time"; "github.com/spf13/cobra"; "github.com/robfig/cron/v3")
func loop() { t := time.NewTicker(1); for { <-t.C } }
func job() {}
func serve(c *cobra.Command, args []string) error { return nil }
func init() {}
func main() {
	go loop()
	cron.New().AddFunc("@hourly", job)
	_ = &cobra.Command{Use: "serve [flags]", RunE: serve}
}
""",
        "main_test.go": "package main\nimport \"testing\"\nfunc TestX(t *testing.T) {}",
    })  # fmt: skip
    assert {
        ("background", "goroutine loop"),
        ("background", "cron @hourly"),
        ("cli", "command serve"),
        ("startup", "main"),
        ("startup", "init of main"),
        ("test", "TestX"),
    } <= entries(go)


def test_registrations_in_tests_are_no_entry_points() -> None:
    go = linker({
        "a_test.go": "package a\nimport \"net/http\"\n"
        "func h(w http.ResponseWriter, r *http.Request) {}\n"
        'func TestA() { http.HandleFunc("/a", h) }',
    })  # fmt: skip
    assert all(kind != "request" for kind, _ in entries(go))
