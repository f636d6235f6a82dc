"""Where the code is from: the host's page and the revision, read from git's files as text."""

from __future__ import annotations

from collections.abc import Callable

from archlint.model.pattern import lazy_regex
from archlint.model.suitability import Origin

Read = Callable[[str], str]
"""The text of a file below the root (``.git/config``), "" when it cannot be read."""

_SECTION = lazy_regex(r'^\s*\[\s*remote\s+"([^"\\]+)"\s*\]\s*$')
_URL = lazy_regex(r"^\s*url\s*=\s*(\S+)\s*$")
_SSH = lazy_regex(r"^(?:ssh://)?[\w.-]+@([\w.-]+)(?::\d+/|[:/])([\w./~-]+?)(?:\.git)?/?$")
_HTTPS = lazy_regex(r"^https?://(?:[^@/\s]*@)?([\w.-]+)(?::\d+)?/([\w./~-]+?)(?:\.git)?/?$")
_REVISION = lazy_regex(r"^[0-9a-f]{40}([0-9a-f]{24})?$")
_REF = lazy_regex(r"^ref: (refs/[\w./-]+)$")
_BLOBS = {
    "github.com": "blob",
    "gitlab.com": "-/blob",
    "bitbucket.org": "src",
    "codeberg.org": "src/commit",
    "gitea.com": "src/commit",
}


def origin_of(name: str, read: Read) -> Origin:
    """The origin of a work tree; git itself is never run, and credentials in a url are dropped."""
    host, path = _remote(read(".git/config"))
    revision = _revision(read)
    remote = f"https://{host}/{path}" if host else ""
    kind = _BLOBS.get(host) or ("-/blob" if host.startswith("gitlab.") else "")
    blob = f"{remote}/{kind}/{revision}" if remote and kind and revision else ""
    return Origin(name=name, remote=remote, revision=revision, blob=blob)


def _remote(config: str) -> tuple[str, str]:
    """Host and path of ``origin``, else of the first remote; ("", "") for none or a local one."""
    found: dict[str, str] = {}
    section = ""
    for line in config.splitlines()[:2000]:
        if line.lstrip().startswith("["):
            match = _SECTION.match(line)
            section = match.group(1) if match else ""
        elif section and (match := _URL.match(line)):
            found.setdefault(section, match.group(1))
    url = found.get("origin") or next(iter(found.values()), "")
    match = _HTTPS.match(url) or _SSH.match(url)
    if match is None or ".." in match.group(2) or "." not in match.group(1):
        return "", ""
    return match.group(1).lower(), match.group(2).strip("/")


def _revision(read: Read) -> str:
    head = read(".git/HEAD").strip()
    if _REVISION.match(head):
        return head
    match = _REF.match(head)
    if match is None or ".." in match.group(1):
        return ""
    ref = match.group(1)
    value = read(f".git/{ref}").strip()
    if not value:
        for line in read(".git/packed-refs").splitlines():
            if line.endswith(f" {ref}"):
                value = line.split(" ", 1)[0]
    return value if _REVISION.match(value) else ""
