"""The shell door: `hlh`."""
