"""Manifests: package.json, go.mod, go.work, vendor/modules.txt and tsconfig.json, read as data."""

from archlint.discovery.manifests.gomod import parse_go_mod, parse_go_work
from archlint.discovery.manifests.gosum import VendoredModule, parse_go_sum, parse_vendor_modules
from archlint.discovery.manifests.package import parse_package
from archlint.discovery.manifests.tsconfig import load_tsconfigs

__all__ = [
    "VendoredModule",
    "load_tsconfigs",
    "parse_go_mod",
    "parse_go_sum",
    "parse_go_work",
    "parse_package",
    "parse_vendor_modules",
]
