"""How soon an answer can be heard: from its first sentence on, or when all of it is there."""
