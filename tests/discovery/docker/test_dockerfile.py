from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.discovery.docker import (
    parse_compose,
    parse_dockerfile,
    parse_dockerignore,
    parse_image,
    parse_platform,
)
from archlint.model.errors import ManifestError

RECIPE = r"""# syntax=docker/dockerfile:1
ARG VERSION=22
ARG BASE=node:${VERSION}-slim
FROM --platform=$BUILDPLATFORM ${BASE} AS build
ARG NODE_ENV=production
ENV HOME=/app
ENV A=b \
    # a comment inside a continuation
    PATH="$HOME/bin:$PATH"
RUN --mount=type=cache,target=/root/.npm npm ci \
 && npm run build
RUN <<EOF
npm prune --omit=dev
FROM nothing
EOF
from build as test
CMD ["npm", "test"]
FROM ${MISSING:-gcr.io/distroless/nodejs22}
COPY --from=build --chown=1:1 /app /app
CMD ["server.js"]
"""


def test_stages_arguments_heredocs_and_continuations() -> None:
    recipe = parse_dockerfile("Dockerfile", RECIPE)
    assert [(s.name, s.base, s.parent, s.line) for s in recipe.stages] == [
        ("build", "node:22-slim", -1, 4),
        ("test", "build", 0, 16),
        ("", "gcr.io/distroless/nodejs22", -1, 18),
    ]
    build = recipe.stages[0]
    assert build.environment["HOME"] == "/app"
    assert build.environment["PATH"].startswith("/app/bin:")
    run, heredoc = (i for i in build.instructions if i.keyword == "RUN")
    assert run.text == "npm ci && npm run build"
    assert run.flag("mount") == "type=cache,target=/root/.npm"
    assert "FROM nothing" in heredoc.heredoc
    assert recipe.stages[1].instructions[0].words == ("npm", "test")
    assert recipe.stages[2].instructions[0].flag("from") == "build"
    assert [s.name for s in recipe.lineage(recipe.stages[1])] == ["test", "build"]


def test_another_escape_character() -> None:
    recipe = parse_dockerfile("Dockerfile", "# escape=`\nFROM a\nRUN x `\n  y\nCOPY c:\\ d\n")
    assert [i.text for i in recipe.stages[0].instructions] == ["x y", "c:\\ d"]


@pytest.mark.parametrize("text", ["", "RUN x\n", "FROM a b c\n", "FROM a\n" + "RUN x\n" * 6_000])
def test_bad_input_is_one_error(text: str) -> None:
    with pytest.raises(ManifestError):
        parse_dockerfile("Dockerfile", text)


@given(st.text(alphabet="FROMRUNCPY \\\n\"'[]<-$={}#abE", max_size=300))
def test_anything_is_a_recipe_or_an_error(text: str) -> None:
    with suppress(ManifestError):
        parse_dockerfile("Dockerfile", "FROM a\n" + text)


@pytest.mark.parametrize(
    ("reference", "name", "tag", "slim", "static", "version"),
    [
        ("node", "node", "", False, False, None),
        ("docker.io/library/node:22.1-alpine3.20", "node", "22.1-alpine3.20", True, False, (22, 1)),
        ("registry:5000/team/node:20", "registry:5000/team/node", "20", False, False, (20, None)),
        ("scratch", "scratch", "", True, True, None),
        ("gcr.io/distroless/static-debian12:nonroot", "gcr.io/distroless/static-debian12",
         "nonroot", True, True, None),
        ("gcr.io/distroless/base", "gcr.io/distroless/base", "", True, False, None),
    ],
)  # fmt: skip
def test_images(  # type: ignore[no-untyped-def]  # noqa: PLR0917
    reference, name, tag, slim, static, version
) -> None:
    image = parse_image(reference)
    assert (image.name, image.tag) == (name, tag)
    assert (image.is_slim, image.is_static, image.version) == (slim, static, version)


@pytest.mark.parametrize(
    ("patterns", "path", "excluded"),
    [
        ("node_modules", "node_modules", True),
        ("node_modules", "node_modules/a/b.js", True),
        ("node_modules", "web/node_modules", False),
        ("**/node_modules", "web/node_modules/x", True),
        ("*\n!src", "src", False),
        ("*\n!src", "node_modules", True),
        ("# node_modules", "node_modules", False),
        ("/node_modules/", "node_modules", True),
        (".", "anything", True),
    ],
)
def test_dockerignore(patterns: str, path: str, excluded: bool) -> None:
    assert parse_dockerignore(".dockerignore", patterns).excludes(path) is excluded


def test_compose_resolves_context_and_dockerfile() -> None:
    text = (
        "services:\n  api:\n    image: shop/api:1\n    build:\n      context: ../api\n"
        "      dockerfile: docker/prod.Dockerfile\n      target: run\n    command: [node, x.js]\n"
        "  db: {image: postgres}\n  web: {build: ./web}\n"
    )
    api, db, web = parse_compose("deploy/compose.yml", text)
    assert (api.context, api.dockerfile, api.target) == ("api", "api/docker/prod.Dockerfile", "run")
    assert (api.command, db.dockerfile, web.dockerfile) == (
        "node x.js",
        "",
        "deploy/web/Dockerfile",
    )


def test_platform_files() -> None:
    serverless = "provider: {runtime: nodejs20.x}\nfunctions:\n  hello: {handler: src/h.main}\n"
    (function,) = parse_platform("serverless.yml", serverless)
    assert (function.command, function.runtime) == ("src/h.main", "nodejs20.x")
    web, worker = parse_platform("Procfile", "web: node server.js\nworker: node w.js\n")
    assert (web.name, worker.command) == ("web", "node w.js")
    (app,) = parse_platform("app.yaml", "runtime: go122\nservice: api\n")
    assert (app.platform, app.name, app.runtime) == ("app-engine", "api", "go122")
    assert parse_platform("app.yaml", "runtime: python39\n") == ()
