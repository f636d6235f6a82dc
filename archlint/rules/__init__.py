"""The rules: one module each, found by the registry; a folder is a category."""
