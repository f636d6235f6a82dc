"""Fingerprints: what a finding is called across commits, without line numbers.

``<rule and key: 16 hex><path: 8 hex>[-n]``: the first part survives a rename of the file, all of it
moves within the file and reformatting. ``n`` counts equal findings of one file in their order.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b


class Fingerprints:
    """Hands out fingerprints; findings must come in the order of their places."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, rule: str, key: str, path: str) -> str:
        """The fingerprint of the next finding of ``rule`` and ``key`` in ``path``."""
        base = digest(f"{rule}\0{key}", 8) + digest(path, 4)
        number = self._seen[base]
        self._seen[base] += 1
        return f"{base}-{number}" if number else base


def digest(text: str, size: int) -> str:
    """``size`` bytes of a hash of the text, in hex."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
