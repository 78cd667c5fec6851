"""Logs: one line an event, text for people or JSON for machines."""

import logging
import sys
from collections import deque
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from typing import Any, Final

import structlog
from attrs import define, field

from application.ports.watching import LogLine

MOST_LINES: Final = 1000
LONGEST_FIELD: Final = 300
NOT_FIELDS: Final = frozenset({"event", "level", "timestamp", "exc_info"})


@define(eq=False)
class RecentLines(logging.Handler):
    """Keeps the last lines of the log, whichever thread writes them."""

    _lines: deque[LogLine] = field(factory=lambda: deque(maxlen=MOST_LINES), init=False)
    _numbers: "count[int]" = field(factory=lambda: count(1), init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def __attrs_pre_init__(self) -> None:
        logging.Handler.__init__(self)

    def since(self, number: int) -> tuple[LogLine, ...]:
        """The lines after one that is named by its number, as far as they are kept."""
        with self._lock:
            return tuple(line for line in self._lines if line.number > number)

    def process(self, _: object, __: str, words: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Keep a line of structlog, and hand it on as it is."""
        self._keep(str(words.get("level", "info")), str(words.get("event", "")), _fields(words))
        return words

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of another package."""
        self._keep(record.levelname.lower(), record.getMessage(), {"logger": record.name})

    def _keep(self, level: str, text: str, fields: Mapping[str, str]) -> None:
        with self._lock:
            line = LogLine(
                number=next(self._numbers), at=datetime.now(UTC), level=level, text=text, fields=fields
            )
            self._lines.append(line)


def _fields(words: Mapping[str, Any]) -> Mapping[str, str]:
    told = {name: str(value)[:LONGEST_FIELD] for name, value in words.items() if name not in NOT_FIELDS}
    if words.get("exc_info"):
        told["exception"] = getattr(sys.exc_info()[0], "__name__", "yes")
    return told


LOG_TAIL: Final = RecentLines()
"""The log's last lines; there is one log in a process."""


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Send all logs to standard error, from a level on; tracebacks never show what variables held."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shown: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        LOG_TAIL.process,
    ]
    if as_json:
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shown += [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        shown += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=shown,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger().addHandler(LOG_TAIL)
