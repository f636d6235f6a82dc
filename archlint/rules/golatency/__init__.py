"""Rules about what makes Go services slow or stuck: missing deadlines, held resources, waits."""
