"""What the declaration files of installed packages say of calls that leave the repo."""

from archlint.program.ecma_declared.answers import Declarations

__all__ = ["Declarations"]
