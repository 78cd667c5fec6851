"""How Mira meets the world: one package per technology."""
