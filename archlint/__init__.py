"""archlint: an architecture linter for Node.js and Go back ends."""

__version__ = "0.1.0"
