"""Measurements of Mira that anyone can repeat."""
