"""Rules about how modules hang together."""
