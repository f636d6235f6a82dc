"""Rules on Go's errors."""
