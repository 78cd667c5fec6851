"""Proof by signature: tokens as JSON Web Tokens, and links that carry their own proof."""
