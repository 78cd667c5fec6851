"""A turn: what was said, what is answered, and what comes of it."""
