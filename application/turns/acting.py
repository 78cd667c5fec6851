"""What every tool of a turn needs: who may use it, what was done before, and how a deed is kept."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from application.ports.storage import MAX_PAGE, Listing, Page, Transaction, Transactions
from application.ports.world import Clock, IdSource
from application.turns.earlier_actions import EarlierActions, Fits
from application.turns.house_deeds import HouseDeeds
from application.turns.likeness import NEAR_ENOUGH, likeness
from domain.errors import Forbidden
from domain.events import ActionExecuted
from domain.interactions import Action, ActionType, Interaction
from domain.personas import Behavior, ToolName

Item = TypeVar("Item")

MOST_LOOKED_AT: Final = 1000


@frozen
class Acting:
    """One turn that acts, bound to its network: nothing done here can leave it."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    interaction: Interaction
    earlier: EarlierActions = field(factory=EarlierActions)
    behavior: Behavior = Behavior()
    house: HouseDeeds | None = field(default=None, repr=False)
    done: list[Action] = field(factory=list, init=False)

    def _permit(self, tool: ToolName) -> None:
        """Refuse what the persona of this turn may not do, whoever thinks for it."""
        if not self.behavior.allows(tool):
            raise Forbidden("The persona that answers here may not do this.", tool=tool)

    async def _note_again(self, tx: Transaction, action: Action) -> None:
        """Keep with the interaction an action that stands; it was announced when it was carried out."""
        kept = await tx.interactions.get(self.interaction.network_id, self.interaction.id)
        if action not in kept.actions:
            await tx.interactions.update(evolve(kept, actions=(*kept.actions, action)))
        self.done.append(action)

    async def _zone(self, tx: Transaction) -> ZoneInfo:
        return (await tx.networks.get(self.interaction.network_id)).settings.zone

    async def _note(self, tx: Transaction, kind: ActionType, result: Mapping[str, object]) -> Action:
        """Keep an action with its interaction, in the transaction that carries it out, and announce it."""
        now = self.clock.now()
        action = Action(id=self.ids.action(), type=kind, result=result, executed_at=now)
        kept = await tx.interactions.get(self.interaction.network_id, self.interaction.id)
        await tx.interactions.update(evolve(kept, actions=(*kept.actions, action)))
        await tx.outbox.append(
            self.interaction.network_id,
            ActionExecuted(
                interaction_id=self.interaction.id,
                client_id=self.interaction.client_id,
                action=action,
                at=now,
            ),
        )
        return action


def about(title: str) -> Fits:
    """Nearly the same title."""
    return lambda action: likeness(title, str(action.result.get("title", ""))) >= NEAR_ENOUGH


async def everything(read: Callable[[Page], Awaitable[Listing[Item]]]) -> tuple[Item, ...]:
    """All items of a list, page by page; only the newest thousand of a longer one."""
    found: list[Item] = []
    while len(found) < MOST_LOOKED_AT:
        listing = await read(Page(limit=MAX_PAGE, offset=len(found)))
        found.extend(listing.items)
        if not listing.items or len(found) >= listing.total:
            break
    return tuple(found)
