"""The extract stage: facts of all files, from the cache, from here or from workers."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from archlint.discovery.roles import is_suite_name
from archlint.discovery.source import Source, Unreadable
from archlint.extract.cache import FactCache, default_folder, digest
from archlint.extract.grammars import versions
from archlint.extract.options import MAX_SOURCE, ExtractOptions
from archlint.extract.prepare import obstacle
from archlint.extract.queries import builtin_rules
from archlint.extract.task import job, payload, split_result
from archlint.model.facts import FileFacts, decode_facts
from archlint.model.finding import Skip
from archlint.model.version import __version__
from archlint.model.workspace import SourceFile
from archlint.scale import InProcess, PoolBroken, Task, WorkerPool

_WORTH_WORKERS = 400_000
"""Bytes to parse from which starting workers pays (a worker needs about 0.1 s to start)."""
_SUSPICIOUS = 100_000
"""Bytes from which a single file is not analysed in this process."""
_OUTLINE = " outline"

Progress = Callable[[str, int, int], None]


class Extraction(msgspec.Struct, frozen=True):
    """The facts by path, in the files' order, and what was skipped or only half-read."""

    facts: dict[str, FileFacts]
    skipped: tuple[Skip, ...] = ()


def extract_all(
    source: Source,
    files: tuple[SourceFile, ...],
    options: ExtractOptions,
    progress: Progress | None = None,
) -> Extraction:
    """Facts of every file; a file that cannot be analysed is skipped with its reason.

    Of test suites in JavaScript an outline is made, unless the repo's own rules look into them.
    """
    collecting = gc.isenabled()
    gc.disable()  # millions of small frozen records: tracing them finds nothing
    try:
        return _Stage(source, files, options, progress).run()
    finally:
        if collecting:
            gc.enable()


def _with_builtin_rules(options: ExtractOptions) -> ExtractOptions:
    """The options with the built-in rules' queries added."""
    return ExtractOptions(
        cache=options.cache,
        cache_dir=options.cache_dir,
        jobs=options.jobs,
        rules=(*builtin_rules(), *options.rules),
        soft_seconds=options.soft_seconds,
        hard_seconds=options.hard_seconds,
        memory=options.memory,
        outline=options.outline,
    )


class _Stage:
    def __init__(
        self,
        source: Source,
        files: tuple[SourceFile, ...],
        options: ExtractOptions,
        progress: Progress | None,
    ) -> None:
        self.source = source
        self.files = files
        self.suites = bool(options.rules)
        """Whether suites are extracted whole."""
        self.options = _with_builtin_rules(options)
        self.progress = progress
        self.facts: dict[str, FileFacts] = {}
        self.skipped: list[Skip] = []
        self.keys: dict[int, bytes] = {}
        self.done = 0
        version = self._version() if options.cache else b""
        self.cache = self._open_cache(digest(version, b"outline") if options.outline else version)
        self.whole = self._open_cache(version) if options.outline else None

    def run(self) -> Extraction:
        try:
            self._compute(self._tasks())
        finally:
            self.cache.commit()
            if self.whole is not None:
                self.whole.close()
        ordered = {f.path: self.facts[f.path] for f in self.files if f.path in self.facts}
        self.skipped.extend(
            Skip(path, facts.problem, partial=True)
            for path, facts in ordered.items()
            if facts.problem
        )
        return Extraction(ordered, tuple(sorted(self.skipped)))

    def _version(self) -> bytes:
        """What stands for everything that makes facts, the file apart."""
        rules = msgspec.msgpack.encode(self.options.rules)
        return digest(f"{__version__} {versions()}".encode(), rules, *_our_code())

    def _open_cache(self, version: bytes) -> FactCache:
        if not self.options.cache:
            return FactCache(None, self.source.root, version)
        return FactCache(self.options.cache_dir or default_folder(), self.source.root, version)

    def _outlined(self, file: SourceFile) -> bool:
        """Whether an outline of a file is enough."""
        if self.options.outline:
            return True
        tests = file.role == "test" and file.language != "go" and not self.suites
        return tests and is_suite_name(file.path)

    def _key(self, file: SourceFile, data: bytes) -> bytes:
        """The key of a file's facts; among whole facts outlines have keys of their own."""
        apart = self.whole is None and self._outlined(file)
        return self.cache.key(file.path, file.language + _OUTLINE * apart, data)

    def _cached(self, file: SourceFile, data: bytes, key: bytes) -> bytes | None:
        """A file's facts from the cache; whole facts serve where an outline is wanted."""
        blob = self.cache.get(key)
        if blob is None and self.whole is not None:
            names = (file.language, file.language + _OUTLINE)
            keys = (self.whole.key(file.path, name, data) for name in names)
            blob = next(filter(None, map(self.whole.get, keys)), None)
        return blob

    def _tasks(self) -> Iterator[Task]:
        """What has to be computed; files found in the cache are taken on the way."""
        for number, file in enumerate(self.files):
            try:
                data = self.source.read(file.path, MAX_SOURCE)
            except Unreadable as error:
                self._skip(Skip(file.path, error.reason))
                continue
            reason = obstacle(data)
            if reason:
                self._skip(Skip(file.path, reason))
                continue
            if self.options.cache:
                key = self._key(file, data)
                blob = self._cached(file, data, key)
                if blob is not None and self._keep(file.path, blob):
                    continue
                self.keys[number] = key
            outline = self._outlined(file)
            yield Task(number, payload(file.path, file.language, data, outline=outline))

    def _compute(self, tasks: Iterator[Task]) -> None:
        """A little work is done here, much of it, or what looks dangerous, by workers."""
        ahead: list[Task] = []
        size = 0
        for task in tasks:
            ahead.append(task)
            size += len(task.payload)
            if size > _WORTH_WORKERS or len(task.payload) > _SUSPICIOUS:
                self._in_workers(itertools.chain(ahead, tasks))
                return
        self._here(ahead)

    def _in_workers(self, tasks: Iterable[Task]) -> None:
        pool = WorkerPool(self.options.jobs or os.cpu_count() or 1)
        try:
            for outcome in pool.run(job(self.options), tasks):
                self._take(outcome.key, outcome.result, outcome.reason)
        except PoolBroken as broken:
            self._here(broken.left)

    def _here(self, tasks: Iterable[Task]) -> None:
        for outcome in InProcess().run(job(self.options), tasks):
            self._take(outcome.key, outcome.result, outcome.reason)

    def _take(self, number: int, result: bytes | None, reason: str) -> None:
        """Record what became of a file."""
        path = self.files[number].path
        if result is None:
            self._skip(Skip(path, reason))
            return
        skip, blob = split_result(result)
        if skip is not None:
            self._skip(skip)
        elif self._keep(path, blob):
            if number in self.keys:
                self.cache.put(self.keys[number], blob)
        else:
            self._skip(Skip(path, "could not be analysed (facts cannot be read back)"))

    def _keep(self, path: str, blob: bytes) -> bool:
        """Decode facts and keep them; False when they are not the file's."""
        try:
            facts = decode_facts(blob)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        if facts.path != path:
            return False
        self.facts[path] = facts
        self._count()
        return True

    def _skip(self, skip: Skip) -> None:
        self.skipped.append(skip)
        self._count()

    def _count(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress("extract", self.done, len(self.files))


def _our_code() -> Iterator[bytes]:
    """The extractor's own source: other code may mean other facts for the same bytes."""
    here = Path(__file__).parent
    for folder in (here, here.parent / "model"):
        for file in sorted(folder.rglob("*.py")):
            yield file.read_bytes()
