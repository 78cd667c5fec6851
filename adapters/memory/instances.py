"""The instances of a hub, in memory: hardly more than one."""

from datetime import datetime

from attrs import evolve, frozen

from adapters.memory.state import State
from application.ports.outbox import InstanceSeen
from domain.errors import MiraError
from domain.ids import InstanceId


@frozen
class MemoryInstances:
    """The instances that share this store."""

    _state: State
    _writable: bool

    async def beat(self, instance_id: InstanceId, now: datetime, name: str = "") -> bool:
        """Note that an instance lives, and on its first beat its name; whether it was known before."""
        self._require_writable()
        known = self._state.instances.get(instance_id)
        before = known or InstanceSeen(id=instance_id, name=name, seen_at=now)
        self._state.instances[instance_id] = evolve(before, seen_at=now)
        return known is not None

    async def all(self) -> tuple[InstanceSeen, ...]:
        """All that are known, by their names."""
        return tuple(sorted(self._state.instances.values(), key=lambda one: (one.name, one.id)))

    async def silent(self, since: datetime) -> tuple[InstanceId, ...]:
        """The instances that were not seen to live since a moment."""
        return tuple(sorted(one for one, seen in self._state.instances.items() if seen.seen_at < since))

    async def remove(self, instance_id: InstanceId) -> None:
        """Forget an instance; one that is not known is no error."""
        self._require_writable()
        self._state.instances.pop(instance_id, None)

    def _require_writable(self) -> None:
        if not self._writable:
            raise MiraError("A snapshot of the store cannot be written to.")
