"""What the use cases need from the world: small protocols named after roles."""
