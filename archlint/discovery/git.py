"""Git, read at object level only: nothing that a repo's own configuration names is ever run."""

from __future__ import annotations

import os
import shutil
import subprocess
from hashlib import sha1, sha256
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from archlint.model.errors import ArchlintError
from archlint.model.history import History

_FLAGS = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "submodule.recurse=false"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.quotePath=false"),
    # Git distrusts another owner's repo because of what its configuration may run; of that
    # nothing is left here, and containers and CI often check out as another user.
    *("-c", "safe.directory=*"),
)
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "GIT_CEILING_DIRECTORIES")
_SECONDS = 120
_NEWEST = 2_000
"""So many commits and tags are looked at for a history's cadence."""

EMPTY = ""
"""Stands for the commit before the first one: a tree without files."""


class TreeEntry(NamedTuple):
    """An entry of a tree or of the index: its mode (``100644``), object id and path."""

    mode: str
    oid: str
    path: str


class Repository(msgspec.Struct):
    """The git repository that ``root`` (absolute) lies in; ``prefix`` leads from its top to root.

    The prefix is posix and ends with ``/`` unless it is empty. Failures of git are ArchlintErrors.
    """

    root: Path
    prefix: str
    git: str
    shallow: bool
    _batch: subprocess.Popen[bytes] | None = None

    def resolve(self, ref: str) -> str:
        """The commit id of ``ref``; raises ArchlintError with the command that may fetch it."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
        oid = done.stdout.decode("ascii", "replace").strip()
        if done.returncode != 0 or not oid:
            raise ArchlintError(f"no commit is called {ref!r} here: run `{_fetch_command(ref)}`")
        return oid

    def merge_base(self, ref: str, other: str) -> str:
        """The commit at which ``ref`` and ``other`` parted; raises ArchlintError when unknown."""
        one, two = self.resolve(ref), self.resolve(other)
        done = self._run("merge-base", one, two)
        oid = done.stdout.decode("ascii", "replace").split("\n")[0].strip()
        if done.returncode == 0 and oid:
            return oid
        if self.shallow:
            raise ArchlintError(
                f"the clone is too shallow to compare with {ref!r}: run `git fetch --unshallow` "
                "(with actions/checkout: fetch-depth: 0)"
            )
        raise ArchlintError(f"{ref!r} and {other!r} have no common history")

    def head(self) -> str:
        """The commit id of HEAD, or EMPTY before the first commit."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
        return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else EMPTY

    def merging(self) -> tuple[str, ...]:
        """The commits that are being merged into HEAD, usually none."""
        done = self._run("rev-parse", "--git-path", "MERGE_HEAD")
        name = done.stdout.decode("utf-8", "surrogateescape").strip()
        try:
            text = (self.root / name).read_text("ascii") if name else ""
        except (OSError, UnicodeError):
            return ()
        return tuple(self.resolve(line.strip()) for line in text.splitlines() if line.strip())

    def history(self, newest: int = _NEWEST) -> History:
        """When the newest commits of HEAD and the newest tagged commits were made.

        Raises ArchlintError for a shallow clone, before the first commit and below the top folder,
        whose history is not the folder's own.
        """
        if self.shallow or self.prefix:
            raise ArchlintError("the history of a shallow clone or of a subfolder is not its own")
        done = self._run("rev-list", "--timestamp", f"--max-count={newest + 1}", "HEAD", "--")
        if done.returncode != 0:
            raise _failed("rev-list", done)
        commits = [_number(line.split(b" ")[0]) for line in done.stdout.splitlines()]
        # Of an annotated tag the commit that it points to (*), of any other the commit itself.
        shape = "%(objectname) %(committerdate:unix) %(*objectname) %(*committerdate:unix)"
        order = ("--sort=-creatordate", f"--count={newest}", f"--format={shape}")
        done = self._run("for-each-ref", *order, "refs/tags/")
        if done.returncode != 0:
            raise _failed("for-each-ref", done)
        tagged: dict[bytes, int] = {}
        for line in done.stdout.splitlines():
            oid, made, target, target_made = line.split(b" ")
            if made or target_made:
                tagged[target or oid] = _number(target_made or made)
        releases = tuple(sorted(tagged.values(), reverse=True))
        return History(tuple(commits[:newest]), releases, len(commits) > newest)

    def tree(self, commit: str) -> list[TreeEntry]:
        """Everything below the root in a commit, paths relative to the root."""
        if commit == EMPTY:
            return []
        treeish = f"{commit}:{self.prefix.rstrip('/')}" if self.prefix else commit
        done = self._run("ls-tree", "-r", "-z", "--full-tree", treeish)
        if done.returncode != 0:
            if self.prefix and self._lacks(treeish):
                return []
            raise _failed("ls-tree", done)
        entries = []
        for record in done.stdout.split(b"\0")[:-1]:
            head, _, path = record.partition(b"\t")
            mode, _, oid = head.decode("ascii").split(" ")
            entries.append(TreeEntry(mode, oid, _text(path)))
        return entries

    def _lacks(self, treeish: str) -> bool:
        """Whether a folder is simply not in a commit that itself can be read."""
        commit = treeish.partition(":")[0]
        there = self._run("cat-file", "-e", commit + "^{tree}").returncode == 0
        return there and self._run("cat-file", "-e", treeish).returncode != 0

    def index(self) -> list[TreeEntry]:
        """What is staged below the root; of a conflict our side, else theirs."""
        done = self._run("ls-files", "--stage", "-z")
        if done.returncode != 0:
            raise _failed("ls-files", done)
        found: dict[str, tuple[str, TreeEntry]] = {}
        for record in done.stdout.split(b"\0")[:-1]:
            head, _, path = record.partition(b"\t")
            mode, oid, stage = head.decode("ascii").split(" ")
            entry = TreeEntry(mode, oid, _text(path))
            if entry.path not in found or _PREFERENCE[stage] < _PREFERENCE[found[entry.path][0]]:
                found[entry.path] = (stage, entry)
        return [entry for _, entry in found.values()]

    def sizes(self, oids: list[str]) -> dict[str, int]:
        """Size in bytes of each object that is there."""
        wanted = "".join(f"{oid}\n" for oid in dict.fromkeys(oids)).encode("ascii")
        done = self._run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=wanted)
        if done.returncode != 0:
            raise _failed("cat-file", done)
        rows = (line.split(" ") for line in done.stdout.decode("ascii", "replace").splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}

    def blob(self, oid: str) -> bytes | None:
        """The bytes of a blob; None when the object is not there."""
        batch = self._batch or self._start_batch()
        stdin, stdout = _pipes(batch)
        try:
            stdin.write(f"{oid}\n".encode("ascii"))
            stdin.flush()
            header = stdout.readline().decode("ascii", "replace").split()
            if len(header) != 3 or header[1] != "blob":
                if len(header) == 3:
                    stdout.read(int(header[2]) + 1)
                return None
            data = stdout.read(int(header[2]))
            stdout.read(1)
        except (OSError, ValueError):
            raise ArchlintError("git stopped while files were read from it") from None
        return data

    def _start_batch(self) -> subprocess.Popen[bytes]:
        self._batch = subprocess.Popen(
            [self.git, *_FLAGS, "cat-file", "--batch"],
            cwd=self.root,
            env=_environment(self.root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._batch

    def close(self) -> None:
        """End the process that reads blobs."""
        if self._batch is not None:
            for stream in _pipes(self._batch):
                stream.close()
            self._batch.wait(timeout=_SECONDS)
            self._batch = None

    def _run(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return _git(self.git, self.root, args, stdin)


_PREFERENCE = {"0": 0, "2": 1, "3": 2, "1": 3}


def open_repository(root: Path) -> Repository:
    """The repository around the folder ``root``; raises ArchlintError when there is none."""
    git = shutil.which("git")
    if git is None:
        raise ArchlintError("git is not installed: it is needed to compare with a commit")
    root = root.resolve()
    done = _git(git, root, ("rev-parse", "--is-shallow-repository", "--show-prefix"), b"")
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        if "dubious ownership" in reason:
            raise ArchlintError(
                "git does not trust this folder's owner: "
                "run `git config --global --add safe.directory FOLDER`"
            )
        raise ArchlintError("not in a git repository with a work tree: nothing to compare with")
    shallow, _, prefix = done.stdout.partition(b"\n")
    return Repository(root, _text(prefix.rstrip(b"\n")), git, shallow.strip() == b"true")


def blob_id(data: bytes, like: str) -> str:
    """The id that git gives to these bytes, by the algorithm that made the id ``like``."""
    algorithm = sha256 if len(like) == 64 else sha1
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest()


def _git(
    git: str, root: Path, args: tuple[str, ...], stdin: bytes
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [git, *_FLAGS, *args],
            cwd=root,
            env=_environment(root),
            input=stdin,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise ArchlintError(f"git could not be run: {error}") from None
    except subprocess.TimeoutExpired:
        raise ArchlintError(f"git {args[0]} took longer than {_SECONDS} s") from None


def _environment(root: Path) -> dict[str, str]:
    """Nothing of the caller's git settings but the index of a commit in the making."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    index = os.environ.get("GIT_INDEX_FILE")
    if index:
        here = Path(index)
        kept["GIT_INDEX_FILE"] = str(here if here.is_absolute() else Path.cwd() / here)
    return {**kept, **_ENVIRONMENT}


def _fetch_command(ref: str) -> str:
    """The command that most likely brings the ref; for the user to judge and run."""
    safe = "".join(char for char in ref if char.isalnum() or char in "/._-~^")
    remote, slash, branch = safe.partition("/")
    if slash and branch and remote in {"origin", "upstream"}:
        return f"git fetch {remote} {branch}:refs/remotes/{remote}/{branch}"
    return f"git fetch origin {safe.partition('~')[0].partition('^')[0]}"


def _failed(command: str, done: subprocess.CompletedProcess[bytes]) -> ArchlintError:
    reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
    return ArchlintError(f"git {command} failed: {reason or done.returncode}")


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() else 0


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ArchlintError("git could not be run")
    return process.stdin, process.stdout
