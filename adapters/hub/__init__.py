"""The client library: the one place where a hub is spoken to from outside."""

from adapters.hub.client import Hub
from adapters.hub.device_socket import DeviceSocket
from adapters.hub.errors import HubError, HubUnreachable, SocketEnded
from adapters.hub.network_socket import NetworkSocket

__all__ = ["DeviceSocket", "Hub", "HubError", "HubUnreachable", "NetworkSocket", "SocketEnded"]
