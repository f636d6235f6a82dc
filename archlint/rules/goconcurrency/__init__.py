"""Rules about goroutines: those that never end, and those that nothing limits."""
