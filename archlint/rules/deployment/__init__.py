"""Rules about what is shipped: images, binaries and the runtime's version."""
