"""What happened, on its way to clients and to other systems."""
