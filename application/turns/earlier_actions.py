"""What was done for a turn when it was held before, so that it is not done twice."""

from collections.abc import Callable

from attrs import field, frozen

from domain.interactions import Action, ActionType

Fits = Callable[[Action], bool]


@frozen
class EarlierActions:
    """Earlier actions of a turn, each of which stands for one that is wanted now.

    Where a turn that broke off is taken up, the first of a sort stands for the first that is wanted,
    however it is worded this time; where a turn is revised, only for the very same.
    """

    actions: tuple[Action, ...] = ()
    same_only: bool = False
    _taken: set[str] = field(factory=set, init=False)

    def standing(self, kind: ActionType, same: Fits) -> Action | None:
        """The earlier action that stands for one that is wanted, if one does; same says which are alike."""
        for action in self.actions:
            if action.type == kind and action.id not in self._taken and (same(action) or not self.same_only):
                self._taken.add(action.id)
                return action
        return None
