"""What an interlocutor may do during one turn."""

from attrs import frozen

from application.turns.calendar_tools import CalendarTools
from application.turns.house_tools import HouseTools
from application.turns.reminder_tools import ReminderTools


@frozen
class NetworkTools(ReminderTools, CalendarTools, HouseTools):
    """The tools of one turn, bound to its network: nothing done through them can leave it."""
