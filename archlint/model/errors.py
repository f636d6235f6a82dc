"""The errors that say what is wrong with the usage or the input."""


class ArchlintError(Exception):
    """A mistake in usage, configuration or input: one line for the user, exit code 2."""


class ManifestError(ArchlintError):
    """A manifest, lockfile or image recipe that cannot be read: its path and a one-line reason."""

    def __init__(self, path: str, reason: str) -> None:
        """Keep both parts: discovery records them as a ``Skip``."""
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason
