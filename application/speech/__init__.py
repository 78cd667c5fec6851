"""The sound of answers: made, kept, linked to, and known to the ears."""
