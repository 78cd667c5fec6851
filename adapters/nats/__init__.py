"""NATS: events out, commands in, and what instances of a hub tell each other."""
