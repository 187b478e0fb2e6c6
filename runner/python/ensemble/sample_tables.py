"""Tables made up for trying things out. Always the same, whatever the seed of the run."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


def monthly_sales() -> "pandas.DataFrame":
    """`month`, `price` and `sales` of twelve years: a rising line, a yearly wave, the price, and a little chance."""
    import numpy
    import pandas

    random = numpy.random.default_rng(2014)
    count = numpy.arange(144)
    price = 9.5 + 0.01 * count + random.normal(0, 0.25, 144).round(2)
    wave = 60 * numpy.sin(2 * numpy.pi * (count % 12 - 3) / 12) + 35 * (count % 12 == 11)
    sales = 400 + 2.2 * count + wave - 25 * (price - price.mean()) + random.normal(0, 9, 144)
    return pandas.DataFrame(
        {"month": pandas.date_range("2014-01-01", periods=144, freq="MS"), "price": price.round(2), "sales": sales.round().astype("int64")}
    )
