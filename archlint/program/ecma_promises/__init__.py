"""Promises without a type checker: what is one, who handles it, what can reject."""
