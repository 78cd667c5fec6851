"""How surely an answer stops when somebody speaks over it, and only then."""
