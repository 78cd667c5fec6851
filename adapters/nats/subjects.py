"""The subjects of Mira on NATS: each is of one network, so that permissions can be."""

from typing import Final

from domain.ids import ClientId, InstanceId, NetworkId

ROOT: Final = "mira.v1"
EVENTS: Final = f"{ROOT}.*.event.>"
STREAM: Final = "MIRA_EVENTS"
WATCHING: Final = "mira.operators.watching"
"""Where an instance says that an operator watches there; of all networks, so in no network's account."""
SIGHTS: Final = "mira.operators.sights"
"""Where instances tell what operators elsewhere want to see."""
HEARING: Final = "mira.operators.hearing"
"""Where an instance is asked what it hears; below it, its id."""
SERVICE: Final = "mira"


def event_subject(network_id: NetworkId, kind: str) -> str:
    """Where facts of a kind are published: kept in a stream."""
    return f"{ROOT}.{network_id}.event.{kind}"


def live_subject(network_id: NetworkId, kind: str) -> str:
    """Where live news of a kind is published: kept nowhere."""
    return f"{ROOT}.{network_id}.live.{kind}"


def command_subject(operation: str, network_id: str = "*") -> str:
    """Where an operation is asked for."""
    return f"{ROOT}.{network_id}.command.{operation}"


def stream_subject(network_id: str = "*", client_id: str = ">") -> str:
    """Where a gateway asks for a stream of a client to be opened."""
    return f"{ROOT}.{network_id}.stream.{client_id}"


def audio_subject(network_id: NetworkId, client_id: ClientId) -> str:
    """Where a gateway sends the sound of a client, once its stream is open."""
    return f"{ROOT}.{network_id}.audio.{client_id}"


def told_subject(network_id: NetworkId, client_id: ClientId) -> str:
    """Where a gateway hears what a client with an open stream is told."""
    return f"{ROOT}.{network_id}.told.{client_id}"


def bench_subject(network_id: str, instance_id: InstanceId) -> str:
    """Where an instance that arbitrates a network is told what others hear; never exported."""
    return f"{ROOT}.{network_id}.arbitration.{instance_id}"


def hearing_subject(instance_id: InstanceId) -> str:
    """Where an instance is asked by the others what it hears of a network."""
    return f"{HEARING}.{instance_id}"


def network_in(subject: str) -> NetworkId:
    """The network that a subject of ours is of."""
    return NetworkId(subject.split(".")[2])


def client_in(subject: str) -> ClientId:
    """The client that a subject of ours is of; its id may have dots."""
    return ClientId(".".join(subject.split(".")[4:]))
