"""Manifests: package.json, go.mod, go.work, vendor/modules.txt and tsconfig.json, read as data."""
