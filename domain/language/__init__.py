"""Understanding everyday requests in English: each intent is described once."""
