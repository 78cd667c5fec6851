"""What asks something of the operator before it is done."""
