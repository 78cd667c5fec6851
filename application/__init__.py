"""What Mira does: use cases over ports, one module per theme."""
