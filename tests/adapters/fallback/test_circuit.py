"""Who failed a few times in a row is left alone for a while."""

from attrs import define

from adapters.fallback.circuit import Circuit


@define
class Seconds:
    """A clock that is set by hand."""

    shown: float = 0.0

    def __call__(self) -> float:
        return self.shown


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    circuit = Circuit(failures=3, now=Seconds())
    for _ in range(5):
        circuit.failed()
        circuit.failed()
        assert circuit.admits()
        circuit.succeeded()
    for _ in range(3):
        circuit.failed()
    assert (circuit.state, circuit.admits()) == ("open", False)


def test_after_a_rest_one_may_try_and_decides() -> None:
    now = Seconds()
    circuit = Circuit(failures=1, rest=30, now=now)
    circuit.failed()
    now.shown = 29.9
    assert not circuit.admits()
    now.shown = 30
    assert circuit.state == "half_open"
    assert circuit.admits()
    assert not circuit.admits()
    circuit.failed()
    assert not circuit.admits()
    now.shown = 60
    assert circuit.admits()
    circuit.succeeded()
    assert circuit.state == "closed"
    assert circuit.admits()


def test_a_provider_that_wants_a_rest_gets_it() -> None:
    now = Seconds()
    circuit = Circuit(failures=3, rest=30, now=now)
    circuit.failed(retry_after=100)
    now.shown = 99
    assert not circuit.admits()
    now.shown = 100
    assert circuit.admits()


def test_who_goes_away_decides_nothing() -> None:
    now = Seconds()
    circuit = Circuit(failures=1, rest=10, now=now)
    circuit.failed()
    now.shown = 10
    assert circuit.admits()
    circuit.given_up()
    assert circuit.admits()
