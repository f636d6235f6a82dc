"""Roles by path and by the manifest's scripts."""

from __future__ import annotations

import pytest

from archlint.discovery.roles import role_of, script_roles


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("src/app.ts", "production"),
        ("src/scripts/run.ts", "production"),
        ("src/tools/search.ts", "production"),
        ("src/build/plan.ts", "production"),
        ("server/next.js", "production"),
        ("server/latest.js", "production"),
        ("src/contest/a.ts", "production"),
        ("packages/desk-smoke-test/server/a.ts", "test"),
        ("apps/api-e2e/src/a.ts", "test"),
        ("src/load-testing/a.ts", "production"),
        ("src/test-results/a.ts", "production"),
        ("packages/dev/test-plugins/reviews/a.ts", "test"),
        ("packages/dev/example-plugins/bundles/a.ts", "example"),
        ("src/graphql.ts", "production"),
        ("src/app.config.ts", "production"),
        ("scripts/run.ts", "build"),
        ("hack/gen.go", "build"),
        ("vite.config.ts", "build"),
        ("config/vite.config.prod.ts", "build"),
        (".eslintrc.js", "build"),
        ("jest.config.cjs", "build"),
        ("gulpfile.js", "build"),
        ("src/a.test.ts", "test"),
        ("src/a.spec.tsx", "test"),
        ("evals/answers.eval.ts", "test"),
        ("jest.sequencer.cjs", "test"),
        ("jest.config.js", "build"),
        ("src/__tests__/a.ts", "test"),
        ("pkg/a_test.go", "test"),
        ("pkg/testdata/a.go", "test"),
        ("e2e/login.ts", "test"),
        ("cmd/test-server/main.go", "test"),
        ("testrig/store.go", "test"),
        ("internal/mockserver/server.go", "test"),
        ("src/mock-server/mock-server.controller.ts", "production"),
        ("src/latest-servers/list.ts", "production"),
        ("examples/a/main.go", "example"),
        ("_examples/a/main.go", "example"),
        ("docs/a.js", "example"),
        ("src/docs/a.js", "production"),
        ("public/lib/jquery.js", "vendored"),
        ("src/x.min.js", "vendored"),
        ("third_party/x.go", "vendored"),
        ("api/x.pb.go", "generated"),
        ("src/generated/x.ts", "generated"),
        ("types/x.d.ts", "declaration"),
    ],
)
def test_role_by_path(path: str, role: str) -> None:
    assert role_of(path) == role


def test_folders_count_from_the_package() -> None:
    assert role_of("packages/a/scripts/x.ts", "packages/a") == "build"
    assert role_of("packages/a/src/scripts/x.ts", "packages/a") == "production"


def test_scripts_decide() -> None:
    roles = script_roles(
        {
            "start": "NODE_ENV=production node scripts/serve.js",
            "build": "node ./tools/build.mjs && tsc",
            "postbuild": "node scripts/serve.js --check",
        },
        "app",
    )
    assert roles == {"app/scripts/serve.js": "production", "app/tools/build.mjs": "build"}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("benchmarks/run.ts", "test"),
        ("packages/core/bench/run.ts", "test"),
        ("src/benchmarks/run.ts", "test"),
        ("apps/api/src/app/endpoints/benchmarks/benchmarks.controller.ts", "production"),
        ("demo/index.js", "example"),
        ("src/samples/a.ts", "example"),
        ("server/modules/lab/samples/samples.service.ts", "production"),
    ],
)
def test_words_that_an_application_may_be_about(path: str, role: str) -> None:
    assert role_of(path) == role
