"""The companion protocol: what devices say over their sockets, and what is addressed to them."""
