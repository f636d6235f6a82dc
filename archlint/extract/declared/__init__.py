"""Declaration files (``.d.ts``): parsed whole, lowered only where somebody asks for a name."""

from archlint.extract.declared.file import DeclarationFile
from archlint.extract.declared.records import Declared, Export, Field, TypeParam
from archlint.extract.declared.scopes import Scope

__all__ = ["DeclarationFile", "Declared", "Export", "Field", "Scope", "TypeParam"]
