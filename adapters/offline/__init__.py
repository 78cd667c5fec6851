"""The assistant that needs no cloud: it understands what is described, and says so when it does not."""
