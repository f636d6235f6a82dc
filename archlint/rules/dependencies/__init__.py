"""Rules about what a component installs and what it uses of it."""
