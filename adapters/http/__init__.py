"""The hub over HTTP: dialects over the use cases, one way to read, to answer and to refuse."""
