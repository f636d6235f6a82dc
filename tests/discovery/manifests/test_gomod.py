from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.discovery.manifests.gomod import parse_go_mod, parse_go_work
from archlint.discovery.manifests.gosum import parse_go_sum, parse_vendor_modules
from archlint.model.errors import ManifestError

MOD = """\
// Deprecated: use v2
module "example.com/shop" // the shop

go 1.22.1
toolchain go1.23.0
godebug default=go1.21

require github.com/one/one v1.0.0
require (
\tgithub.com/two/two v2.0.0+incompatible // indirect
\tgithub.com/three/three v0.0.0-20230102030405-abcdef123456 // indirect; for tests
\tgithub.com/four/four v1.0.0 // not indirect
\t"github.com/five/five" `v1.0.0`
)
exclude github.com/bad/bad v1.0.0
replace (
\tgithub.com/one/one => ../one
\tgithub.com/two/two v2.0.0+incompatible => github.com/fork/two v2.0.1
)
retract [v1.0.0, v1.1.0] // broken
tool golang.org/x/tools/cmd/stringer
ignore ./node_modules
"""


def test_every_directive() -> None:
    module = parse_go_mod("svc/go.mod", MOD)
    assert (module.module, module.root) == ("example.com/shop", "svc")
    assert (module.go_version, module.toolchain) == ("1.22.1", "go1.23.0")
    found = {r.module.rpartition("/")[2]: (r.version, r.indirect) for r in module.requires}
    assert found == {
        "one": ("v1.0.0", False),
        "two": ("v2.0.0+incompatible", True),
        "three": ("v0.0.0-20230102030405-abcdef123456", True),
        "four": ("v1.0.0", False),
        "five": ("v1.0.0", False),
    }
    assert module.requires[0].line == 8
    assert [(r.target, r.target_version, r.local) for r in module.replaces] == [
        ("../one", "", True),
        ("github.com/fork/two", "v2.0.1", False),
    ]
    assert module.excludes == (("github.com/bad/bad", "v1.0.0"),)
    assert module.tools == ("golang.org/x/tools/cmd/stringer",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "go 1.22\n",
        "module m\nrequire (\n",
        "module m\nrequire x\n",
        'module "m\n',
        "module m\nreplace a b\n",
    ],
)
def test_bad_input_is_one_error(text: str) -> None:
    with pytest.raises(ManifestError):
        parse_go_mod("go.mod", text)


def test_go_work() -> None:
    text = "go 1.22\nuse .\nuse (\n\t./services/api\n\t./lib // shared\n)\nreplace a => ./b\n"
    assert parse_go_work(text) == ("", "services/api", "lib")


def test_go_sum_pairs_both_hashes() -> None:
    text = (
        "a.com/a v1.0.0 h1:x=\na.com/a v1.0.0/go.mod h1:y=\nb.com/b v1.0.0/go.mod h1:z=\nbroken\n"
    )
    assert parse_go_sum(text) == {("a.com/a", "v1.0.0"), ("b.com/b", "v1.0.0")}


def test_vendor_modules() -> None:
    text = (
        "# a.com/a v1.0.0\n## explicit; go 1.20\na.com/a\na.com/a/sub\n"
        "# b.com/b v1.0.0 => ./b\n## explicit\n# c.com/c v1.0.0\nc.com/c\n# d.com/d v1.0.0\n"
    )
    found = parse_vendor_modules(text)
    assert [(m.module, m.explicit, m.replacement, len(m.packages)) for m in found] == [
        ("a.com/a", True, "", 2),
        ("b.com/b", True, "./b", 0),
        ("c.com/c", False, "", 1),
    ]


@given(st.text(max_size=300))
def test_anything_is_a_module_or_an_error(text: str) -> None:
    with suppress(ManifestError):
        parse_go_mod("go.mod", text)
