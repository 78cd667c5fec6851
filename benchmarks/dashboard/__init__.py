"""How fast the dashboard answers a key, and how much memory it takes, on a big and busy hub."""
