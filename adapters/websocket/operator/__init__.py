"""The socket of whoever runs the hub: everything that happens, of all networks."""
