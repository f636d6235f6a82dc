"""Tests of archlint.program.golang."""
