"""Where the code is from: read from git's files, credentials dropped, nothing run."""

from __future__ import annotations

import pytest

from archlint.suitability.origin import origin_of

SHA = "0123456789abcdef0123456789abcdef01234567"


def origin(url: str, head: str = SHA, **files: str):
    texts = {".git/config": f'[remote "origin"]\n\turl = {url}\n', ".git/HEAD": head, **files}
    return origin_of("app", lambda path: texts.get(path, ""))


@pytest.mark.parametrize(
    ("url", "blob"),
    [
        ("https://github.com/team/app.git", f"https://github.com/team/app/blob/{SHA}"),
        ("git@github.com:team/app.git", f"https://github.com/team/app/blob/{SHA}"),
        ("ssh://git@github.com:22/team/app", f"https://github.com/team/app/blob/{SHA}"),
        ("https://user:secret@github.com/team/app", f"https://github.com/team/app/blob/{SHA}"),
        ("https://gitlab.com/a/b/c.git", f"https://gitlab.com/a/b/c/-/blob/{SHA}"),
        ("https://bitbucket.org/a/b", f"https://bitbucket.org/a/b/src/{SHA}"),
        ("https://example.org/a/b", ""),
        ("/srv/git/app.git", ""),
        ("file:///etc/passwd", ""),
        ("https://github.com/../../x", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_remote_gives_a_page_or_nothing(url, blob):
    assert origin(url).blob == blob


def test_credentials_never_show():
    assert "secret" not in origin("https://user:secret@github.com/team/app").remote


def test_a_branch_is_followed_loose_or_packed():
    head = "ref: refs/heads/main\n"
    url = "https://github.com/a/b"
    assert origin(url, head, **{".git/refs/heads/main": SHA + "\n"}).revision == SHA
    packed = f"# pack-refs\n{SHA} refs/heads/main\n"
    assert origin(url, head, **{".git/packed-refs": packed}).revision == SHA
    assert origin(url, "ref: refs/../../etc/passwd").revision == ""


def test_without_git_there_is_a_name_alone():
    found = origin_of("app", lambda _path: "")
    assert (found.name, found.remote, found.revision, found.blob) == ("app", "", "", "")
