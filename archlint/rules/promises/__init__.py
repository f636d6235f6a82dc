"""Rules about promises and errors of JavaScript and TypeScript."""
