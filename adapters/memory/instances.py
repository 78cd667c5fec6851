"""The instances of a hub, in memory: hardly more than one."""

from datetime import datetime

from attrs import frozen

from adapters.memory.state import State
from domain.errors import MiraError
from domain.ids import InstanceId


@frozen
class MemoryInstances:
    """The instances that share this store."""

    _state: State
    _writable: bool

    async def beat(self, instance_id: InstanceId, now: datetime) -> bool:
        """Note that an instance lives; whether it was known before."""
        self._require_writable()
        known = instance_id in self._state.instances
        self._state.instances[instance_id] = now
        return known

    async def silent(self, since: datetime) -> tuple[InstanceId, ...]:
        """The instances that were not seen to live since a moment."""
        return tuple(sorted(one for one, seen in self._state.instances.items() if seen < since))

    async def remove(self, instance_id: InstanceId) -> None:
        """Forget an instance; one that is not known is no error."""
        self._require_writable()
        self._state.instances.pop(instance_id, None)

    def _require_writable(self) -> None:
        if not self._writable:
            raise MiraError("A snapshot of the store cannot be written to.")
