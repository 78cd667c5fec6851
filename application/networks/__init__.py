"""Networks and who belongs to them: registration, tokens, access, limits, presence."""
