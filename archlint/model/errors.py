"""The one error that says what the user did wrong."""


class ArchlintError(Exception):
    """A mistake in usage, configuration or input: one line for the user, exit code 2."""
