"""What several clients do together: a quiz, a story, something that plays everywhere at once."""
