"""The earth in cells of about 500 m, by row of latitude and column of longitude."""

from collections.abc import Iterator
from math import cos, floor, radians

ROW_DEGREES = 0.0045
"""500 m of latitude."""

Cell = tuple[int, int]


def cell_of(latitude: float, longitude: float) -> Cell:
    row = floor(latitude / ROW_DEGREES)
    return row, _column(row, longitude)


def around(latitude: float, longitude: float) -> Iterator[Cell]:
    """The eight cells beside that of the point."""
    middle = cell_of(latitude, longitude)
    for row in range(middle[0] - 1, middle[0] + 2):
        column = _column(row, longitude)
        for each in range(column - 1, column + 2):
            if (row, each) != middle:
                yield row, each


def _column(row: int, longitude: float) -> int:
    """A column is as wide as its row is high, so that rows nearer the pole have fewer."""
    width = ROW_DEGREES / max(cos(radians((row + 0.5) * ROW_DEGREES)), 1e-3)
    return floor(longitude / width)
