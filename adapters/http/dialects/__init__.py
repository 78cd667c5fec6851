"""The API families; none of them knows another."""
