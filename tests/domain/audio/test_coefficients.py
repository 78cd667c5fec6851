"""The fitted sums: what a table of weights says is what is added up."""

import math

import pytest

from domain.audio.coefficients import C50, INTELLIGIBILITY, SNR, TOGETHER, Network
from domain.audio.features import NAMES
from domain.audio.together import INPUTS

TABLE = """
loud 10 2 3 .5 .1 -1
long 0 4 12 -.25 .2 .3
offsets .4 -.1
out .7 .05
constant 0.125
"""


def expected(loud: float, long: float) -> float:
    bent = 0.7 * math.tanh(0.4 + 0.1 * loud + 0.2 * long) + 0.05 * math.tanh(-0.1 - loud + 0.3 * long)
    return 0.125 + 0.5 * loud - 0.25 * long + bent


@pytest.mark.parametrize(
    ("loud", "long", "deviations"),
    [
        (10.0, 0.0, (0.0, 0.0)),
        (12.0, -6.0, (1.0, -1.5)),
        (99.0, 99.0, (3.0, 12.0)),
        (-99.0, -99.0, (-3.0, -3.0)),
    ],
)
def test_a_network_adds_up_what_its_table_says(
    loud: float, long: float, deviations: tuple[float, float]
) -> None:
    assert Network.read(TABLE).of({"loud": loud, "long": long}) == pytest.approx(expected(*deviations))


@pytest.mark.parametrize(
    ("network", "names"), [(INTELLIGIBILITY, NAMES), (C50, NAMES), (SNR, NAMES), (TOGETHER, INPUTS)]
)
def test_the_fitted_networks_take_measures_that_are_read(network: Network, names: tuple[str, ...]) -> None:
    assert set(network.names) <= set(names)
    assert len(set(network.names)) == len(network.names)
    assert network.hidden.shape == (len(network.names), len(network.out))
    assert (network.deviations > 0).all()


def test_the_estimate_at_the_mean_measures_is_a_middling_one() -> None:
    values = dict(zip(INTELLIGIBILITY.names, INTELLIGIBILITY.means.tolist(), strict=True))
    assert 0.2 < INTELLIGIBILITY.of(values) < 0.7


def test_the_network_of_streams_together_takes_its_inputs_in_order() -> None:
    assert TOGETHER.names == INPUTS
