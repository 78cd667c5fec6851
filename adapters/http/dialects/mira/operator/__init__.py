"""What whoever runs the hub can ask across all of its networks."""
