"""Rules about memory that grows without bound or is used up by one request."""
