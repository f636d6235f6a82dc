"""What keeps Node.js from answering: the one thread is busy or waits."""
