"""A file's extraction as a task for an executor: bytes in, bytes out."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions, QueryRule
from archlint.model.facts import FileFacts, encode_facts
from archlint.model.finding import Skip
from archlint.scale import Job, Limits

FUNCTION = "archlint.extract.task:prepare"
_FACTS, _SKIP = b"F", b"S"


class _Setup(msgspec.Struct, array_like=True):
    rules: tuple[QueryRule, ...]
    soft_seconds: float


class _File(msgspec.Struct, array_like=True):
    path: str
    language: str
    data: bytes
    outline: bool


_setups = msgspec.msgpack.Decoder(_Setup)
_files = msgspec.msgpack.Decoder(_File)
_skips = msgspec.msgpack.Decoder(Skip)


def job(options: ExtractOptions) -> Job:
    """The job that extracts with these options."""
    setup = msgspec.msgpack.encode(_Setup(options.rules, options.soft_seconds))
    return Job(FUNCTION, setup, Limits(options.hard_seconds, options.memory))


def payload(path: str, language: str, data: bytes, *, outline: bool = False) -> bytes:
    """A file as a task's bytes; ``outline`` asks for no more of it than an outline."""
    return msgspec.msgpack.encode(_File(path, language, data, outline))


def prepare(setup: bytes) -> Callable[[bytes], bytes]:
    """The work of the job: a file's payload to its encoded facts or skip."""
    given = _setups.decode(setup)
    whole = ExtractOptions(rules=given.rules, soft_seconds=given.soft_seconds)
    outline = msgspec.structs.replace(whole, outline=True)

    def work(data: bytes) -> bytes:
        file = _files.decode(data)
        options = outline if file.outline else whole
        return encode_result(extract_file(file.path, file.language, file.data, options))

    return work


def encode_result(result: FileFacts | Skip) -> bytes:
    """Facts or a skip as bytes."""
    if isinstance(result, Skip):
        return _SKIP + msgspec.msgpack.encode(result)
    return _FACTS + encode_facts(result)


def split_result(data: bytes) -> tuple[Skip | None, bytes]:
    """The skip, or the encoded facts, that ``encode_result`` wrote."""
    if data[:1] == _SKIP:
        return _skips.decode(data[1:]), b""
    return None, data[1:]
