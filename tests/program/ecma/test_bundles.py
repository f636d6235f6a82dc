"""What only a browser's bundle loads is not linked as a whole, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.ecma.linking import link_repo

SERVER = {
    "server/index.js": "const { shared } = require('../shared/both'); require('http'); shared();\n",
    "shared/both.js": "exports.shared = () => 1;\n",
}
VUE = {
    "web/main.js": "import router from './router'\nrouter.start()\n",
    "web/router.js": "import App from './App.vue'\nexport default { start() { App() } }\n",
    "web/App.vue": "<script>import { shared } from '../shared/both'\nshared()\n</script>\n",
    "web/Lazy.vue": "<script>import help from './help'\nhelp()\n</script>\n",
    "web/help.js": "export default () => 2\n",
}
REACT = {
    "app/index.tsx": "import { render } from 'react-dom'\nimport { view } from './view'\n"
    "render(view)\n",
    "app/view.tsx": "import { shared } from '../shared/both'\nexport const view = shared()\n",
}


def _linked(root: Path, files: dict[str, str], **manifest: str) -> set[str]:
    needs = ", ".join(f'"{name}": "*"' for name in manifest.values())
    text = f'{{"name": "x", "main": "server/index.js", "dependencies": {{{needs}}}}}'
    for path, content in {"package.json": text, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    return set(link_repo(root).linker.paths)


@pytest.mark.parametrize("client", [VUE, REACT], ids=["vue", "react"])
def test_client_beside_a_server(tmp_path: Path, client: dict[str, str]) -> None:
    """What both load runs in Node.js too."""
    assert _linked(tmp_path, SERVER | client) == set(SERVER)


def test_modules_that_import_each_other(tmp_path: Path) -> None:
    """A bundle's entry that its own parts import is no less one."""
    circular = VUE | {"web/router.js": "import './main'\nimport App from './App.vue'\n"}
    assert _linked(tmp_path, SERVER | circular) == set(SERVER)


def test_what_nothing_but_tests_imports_is_no_part_of_a_bundle(tmp_path: Path) -> None:
    lonely = {"tools/seed.js": "exports.seed = 1;\n", "web/App.test.js": "import './main'\n"}
    assert _linked(tmp_path, SERVER | VUE | lonely) == set(SERVER) | {"tools/seed.js"}


@pytest.mark.parametrize("loaded", ["node:fs", "child_process"])
def test_node_itself_cannot_be_bundled(tmp_path: Path, loaded: str) -> None:
    """Whoever renders on the server loads components too."""
    server = {"render.js": f"import App from './web/App.vue'\nimport x from '{loaded}'\nApp(x)\n"}
    expected = {*SERVER, "render.js", "web/App.vue"}
    assert _linked(tmp_path, SERVER | VUE | server) == expected


def test_a_main_file_runs_in_node(tmp_path: Path) -> None:
    main = {"server/index.js": "import App from '../web/App.vue'\nApp()\n"}
    assert _linked(tmp_path, SERVER | VUE | main) == {*SERVER, "web/App.vue"}


def test_frameworks_that_serve_files(tmp_path: Path) -> None:
    """Where the framework answers requests by files, all of them are linked."""
    files = SERVER | VUE
    assert _linked(tmp_path, files, needs="nuxt") == set(files)


PACKED = {
    "client/app.js": "import { draw } from './draw'\nimport '../shared/both'\ndraw(document)\n",
    "client/draw.js": "export const draw = (page) => page.body\n",
}


@pytest.mark.parametrize(
    ("entry", "more", "packed"),
    [
        ("'./client/app'", "", True),
        ("['./client/app.js']", "target: 'web',", True),
        ("{ main: path.join(__dirname, '../client/app.js') }", "", True),
        ("'./client/app'", "target: 'node',", False),
        ("'./client/app'", "externals: [outside()],", False),
    ],
)
def test_entries_of_webpack(tmp_path: Path, entry: str, more: str, packed: bool) -> None:
    """What a bundler packs for browsers and no server loads; paths start at the package."""
    config = {"build/webpack.config.js": f"module.exports = {{ {more} entry: {entry} }}\n"}
    linked = _linked(tmp_path, SERVER | PACKED | config)
    assert linked >= set(SERVER)
    assert linked.isdisjoint(PACKED) is packed


def test_unused_files_beside_what_is_packed(tmp_path: Path) -> None:
    """In a client's folder they are the client's; elsewhere Node.js may run them."""
    config = {"webpack.config.js": "module.exports = { entry: './client/app' }\n"}
    lonely = {
        "client/later.js": "import { draw } from './draw'\ndraw(window)\n",
        "jobs/later.js": "exports.later = () => 1\n",
    }
    linked = _linked(tmp_path, SERVER | PACKED | config | lonely)
    assert linked - {"webpack.config.js"} == {*SERVER, "jobs/later.js"}
