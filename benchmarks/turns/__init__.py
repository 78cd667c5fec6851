"""When is a turn over: false cut-offs against waiting."""
