"""Which files are documents: no source, but manifests and configuration that rules read."""

from __future__ import annotations

import re

from archlint.model.pattern import lazy_regex

MAX_DOCUMENT = 5_000_000
MAX_LOCKFILE = 200_000_000
"""Lockfiles are read in one linear pass, so they may be much larger."""
MAX_CONFIG = 256 * 1024
"""Configuration that is recognised by its extension alone must be smaller."""

_NAMED = lazy_regex(
    r"""(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock
    |pnpm-workspace\.yaml|lerna\.json|nx\.json|turbo\.json|rush\.json|project\.json
    |(?:tsconfig|jsconfig)[\w.-]*\.json|go\.(?:mod|sum|work)|go\.work\.sum|modules\.txt
    |(?:[\w.-]+\.)?[Dd]ockerfile(?:[.-][\w.-]+)?|[\w.-]+\.dockerfile|Containerfile(?:\.[\w.-]+)?
    |(?:[\w.-]+\.)?\.?dockerignore|(?:docker-)?compose[\w.-]*\.ya?ml|serverless[\w.-]*\.(?:ya?ml|json)
    |template\.ya?ml|samconfig\.toml|app\.ya?ml|cloudbuild\.ya?ml|render\.ya?ml|fly[\w.-]*\.toml
    |railway\.(?:json|toml)|vercel\.json|now\.json|netlify\.toml|firebase\.json|Procfile(?:\.[\w-]+)?
    |captain-definition|nixpacks\.toml|heroku\.yml|app\.json|wrangler\.(?:toml|jsonc?)|function\.json|vcap[\w.-]*
    |manifest\.ya?ml|skaffold\.ya?ml|Tiltfile|Jenkinsfile|\.gitlab-ci\.ya?ml|bitbucket-pipelines\.yml
    |azure-pipelines[\w.-]*\.ya?ml|\.travis\.yml|\.drone\.yml|appveyor\.yml|\.goreleaser\.ya?ml
    |\.nvmrc|\.node-version|\.tool-versions|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|mise\.toml
    |\.go-version|Makefile|GNUmakefile|makefile|Taskfile\.ya?ml|justfile|nest-cli\.json|angular\.json
    |\.swcrc|\.babelrc(?:\.json)?|\.mocharc(?:\.\w+)?|\.eslintrc(?:\.\w+)?|\.prettierrc(?:\.\w+)?
    |\.lintstagedrc(?:\.\w+)?|\.releaserc(?:\.\w+)?|\.nycrc(?:\.json)?|\.env\.example|nodemon\.json
    |pm2[\w.-]*\.(?:json|ya?ml)|ecosystem[\w.-]*\.json|archlint\.toml|pyproject\.toml)""",
    re.VERBOSE,
)
_CONFIG = lazy_regex(r".*(?:\.(?:json|jsonc|json5|ya?ml|toml|ini|conf|cfg|sh|properties)|rc)$")
_CONFIG_FOLDER = lazy_regex(
    r"(?:^|/)(?:\.[\w-]+|deploy(?:ments?)?|k8s|kubernetes|helm|charts?|docker|config|infra|ops|ci"
    r"|manifests|kustomize|terraform|build|hack|scripts?)/"
)
_TEXT = lazy_regex(
    r".*\.(?:html?|css|s[ac]ss|less|styl|mdx|pug|jade|ejs|hbs|handlebars|njk|liquid|astro|svelte"
    r"|prisma|grammar|coffee)$"
)
"""Formats that are not parsed but name packages: an asset of one, a plugin, a template's import."""
_NO_TEXT = lazy_regex(r"(?:^|/)(?:docs?|dist|coverage|tests?|fixtures|testdata|vendor|public)/")
_RULE = lazy_regex(r"^\.archlint/rules/[\w-]+\.scm$")


def is_document(path: str, size: int, folders_with_manifest: frozenset[str]) -> bool:
    """Whether rules may want the text of the file at ``path``."""
    folder, _, name = path.rpartition("/")
    if _NAMED.fullmatch(name) or _RULE.match(path):
        return True
    if size <= MAX_CONFIG and _TEXT.match(name):
        return not _NO_TEXT.search(path)
    if size > MAX_CONFIG or not _CONFIG.match(name):
        return False
    return folder in folders_with_manifest or _CONFIG_FOLDER.search(path) is not None


def decode(data: bytes) -> str | None:
    """The text of a document: UTF-8 (with or without a mark) or UTF-16 with one; None if binary."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\0" in data[:8_000]:
        return None
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
