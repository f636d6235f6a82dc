"""The whole program: modules, calls, entry points and who reaches what, linked from facts."""
