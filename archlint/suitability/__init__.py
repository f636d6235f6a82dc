"""Whether code fits its runtime: signals, model, verdict, and what would change it."""
