"""Frozen data that every stage shares; imports nothing else of archlint."""
