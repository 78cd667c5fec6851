"""The mira protocol: what the clients of a network say over their sockets, and what they are told."""
