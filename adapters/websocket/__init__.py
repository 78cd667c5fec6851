"""Sockets: the mira protocol of networks and the companion protocol of devices, over one loop."""
