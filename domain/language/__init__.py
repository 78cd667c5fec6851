"""Understanding everyday requests in English: one description of each intent for parsing, grammar and help."""
