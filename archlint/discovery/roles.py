"""What a source file is for: production code, or something no request ever runs."""

from __future__ import annotations

import re

from archlint.model.pattern import lazy_regex

_TEST_FOLDER = lazy_regex(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|cypress|testdata|__mocks__|__fixtures__|fixtures"
    r"|test[-_]?servers?|test[-_]?rigs?|testutils?|testhelpers?"
    r"|test[-_](?:utils?|helpers?|support|fixtures|data)"
    r"|tests?[-_](?:plugins?|apps?|projects?|packages?)"
    r"|(?:[\w.]+[-_])*(?:integration|unit|e2e|smoke|load|acceptance|functional|system|regression)"
    r"[-_]?tests?|(?:[\w.]+[-_])+e2e|playwright|mocks|k6|fuzz)/"
)
_TEST_NAME = lazy_regex(
    r"(?:[._](?:test|tests|spec|e2e|e2e-spec|cy|eval|bench|stories|story|mock)\.[cm]?[jt]sx?"
    r"|_test\.go|(?:^|/)(?:mock|fake|stub)[-_]?servers?/[^/]+\.go"
    r"|(?:^|/)(?:jest|vitest|mocha|test)[.-]?(?:setup|globals?|env)[^/]*\.[cm]?[jt]s"
    r"|(?:^|/)jest\.(?!config)[\w.-]+\.[cm]?[jt]s)$"
)
_SUITE = lazy_regex(
    r"(?:^|/)__tests__/|(?:[._-](?:test|tests|spec|cy|e2e)|[a-z](?:Tests?|Specs?))\.[cm]?[jt]sx?$"
)
_BUILD_FOLDER = lazy_regex(
    r"(?:\.[\w-]+|build|hack|ci|tools?|tooling|scripts?|devtools|codegen|webpack|release|packaging"
    r"|dev|extra|contrib|internal/tools|_?tools|config/webpack)/"
)
"""Below the root of the repo or of a package only: deeper, such names are production code."""
_BUILD_NAME = lazy_regex(
    r"(?:^|/)(?:(?:gulpfile|gruntfile|dangerfile|jakefile|plopfile|\.?eslintrc)(?:\.babel|\.esm)?"
    r"|magefile|\.[\w-]+"
    r"|\.?(?:webpack|vite|vitest|rollup|babel|jest|eslint|prettier|postcss|tailwind|playwright"
    r"|cypress|commitlint|stylelint|svelte|nuxt|next|astro|metro|tsup|tsdown|esbuild|rspack"
    r"|rsbuild|lint-staged|release|semantic-release|renovate|graphql|codegen|drizzle|knip|vue"
    r"|nightwatch|snowpack|craco|remix|react-router|unocss|uno|windi|quasar|syncpack|changelog"
    r"|docusaurus|vuepress|typedoc|jsdoc|nyc|c8|ava|wallaby|backstop|lighthouse|workbox|capacitor"
    r"|forge|i18next-parser|steiger|lefthook|oxlint|kanel|orval|openapi-ts|karma|protractor|wdio"
    r"|mocha|cz|version|nodemon|i18n-ally|volar)"
    r"(?:\.[\w-]+)*[.-](?:config|conf|setup|workspace)(?:\.[\w-]+)*)\.(?:[cm]?[jt]sx?|go)$",
    re.IGNORECASE,
)
_EXAMPLE_FOLDER = lazy_regex(
    r"(?:^|/)(?:_?examples?(?:[-_](?:plugins?|apps?|projects?|packages?))?|playground)/"
)
_WORD_FOLDER = lazy_regex(r"(?:^|/)(?:(benchmarks?|bench)|demos?|samples?|tutorials?)/")
"""Words that may as well name what an application is about, when they stand deep in its code."""
_CODE_FOLDERS = frozenset({"src", "app", "apps", "lib", "server", "api", "internal", "pkg"})
_EXAMPLE_ROOT = lazy_regex(r"(?:docs?|documentation|website|starters?)/")
_VENDORED = lazy_regex(
    r"(?:^|/)(?:vendor|vendored|vendors|third[-_]?party|thirdparty|3rd[-_]?party|externals?/lib"
    r"|bower_components|wwwroot/lib|public/(?:js/)?(?:lib|libs|vendor)|static/(?:js/)?(?:lib|libs|vendor)"
    r"|assets/(?:js/)?(?:lib|libs|vendor))/|[.-]min\.[cm]?js$"
)
_GENERATED = lazy_regex(
    r"(?:^|/)(?:generated|__generated__|_generated|gen/(?:go|ts|js|proto|openapi))/"
    r"|(?:\.pb(?:\.gw)?\.go|_grpc_pb\.[jt]s|_pb\.(?:js|d\.ts)|[._](?:gen|generated)\.[\w.]+"
    r"|(?:^|/)zz_generated[^/]*\.go|_string\.go|bindata\.go)$"
)
_DECLARATION = lazy_regex(r"\.d\.[cm]?ts$|\.d\.\w+\.ts$")
_SCRIPT_FILE = lazy_regex(
    r"(?:^|[\s;&|=\"'])\.?/?((?:[\w@.-]+/)*[\w.-]+\.[cm]?[jt]sx?)(?=$|[\s;&|\"'])"
)
_RUN_SCRIPT = lazy_regex(r"^(?:start|serve|server|prod|worker|main|cron|migrate|seed)\b")


def role_of(path: str, root: str = "") -> str:
    """The role of a file by its path; ``root`` is the folder of the package it belongs to."""
    if _DECLARATION.search(path):
        return "declaration"
    if _VENDORED.search(path):
        return "vendored"
    word = _word_role(path)
    if word == "test" or _TEST_FOLDER.search(path) or _TEST_NAME.search(path):
        return "test"
    if _GENERATED.search(path):
        return "generated"
    inner = path[len(root) + 1 :] if root else path
    if _BUILD_NAME.search(path) or _BUILD_FOLDER.match(inner) or _BUILD_FOLDER.match(path):
        return "build"
    example = _EXAMPLE_ROOT.match(inner) or _EXAMPLE_ROOT.match(path)
    if word or example or _EXAMPLE_FOLDER.search(path):
        return "example"
    return "production"


def is_suite_name(path: str) -> bool:
    """Whether a JavaScript or TypeScript file is a test suite, which no code imports, by name."""
    return _SUITE.search(path) is not None


def _word_role(path: str) -> str:
    """``benchmarks/`` is no production code, but ``src/endpoints/benchmarks/`` is."""
    for match in _WORD_FOLDER.finditer(path):
        above = path[: match.start()].split("/")
        if above[-1] in _CODE_FOLDERS or _CODE_FOLDERS.isdisjoint(above):
            return "test" if match.group(1) else "example"
    return ""


def script_roles(scripts: dict[str, str], root: str) -> dict[str, str]:
    """Files that a package's scripts run: path -> production (start and kin) or build.

    A file that a start script and another one run is production.
    """
    prefix = root + "/" if root else ""
    roles: dict[str, str] = {}
    for name, command in scripts.items():
        runs = _RUN_SCRIPT.match(name) is not None
        for found in _SCRIPT_FILE.findall(command[:4_000]):
            path = prefix + found.removeprefix("./")
            if runs:
                roles[path] = "production"
            else:
                roles.setdefault(path, "build")
    return roles
