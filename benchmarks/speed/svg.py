"""Small line charts as SVG: both axes logarithmic, one line a system, nothing but text and paths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Points = Sequence[tuple[float, float]]

WIDTH: Final = 760
HEIGHT: Final = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 180, 40, 50
# Okabe and Ito's colours, which colour-blind readers tell apart; beyond eight lines they come again, dashed.
_COLOURS: Final = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8A8A00")
_DASHES: Final = ("", ' stroke-dasharray="5 3"')


@dataclass(frozen=True, slots=True)
class Scale:
    """Places values of a logarithmic axis on the paper."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def of(cls, values: Sequence[float], start: float, end: float) -> Scale:
        """Return a scale from the power of ten below the least value to the one above the greatest."""
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def at(self, value: float) -> float:
        """Return where a value stands."""
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Return the powers of ten on the axis."""
        return [10.0**power for power in range(int(self.low), int(self.high) + 1)]


def chart(title: str, unit: str, lines: Mapping[str, Points]) -> str:
    """Return a chart of values over numbers of passages; the first line is drawn thickest."""
    points = [point for each in lines.values() for point in each]
    across = Scale.of([x for x, _ in points], _LEFT, WIDTH - _RIGHT)
    up = Scale.of([y for _, y in points], HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-size="15">{escape(title)}</text>',
        *_grid(across, up, unit),
        *_lines(lines, across, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(across: Scale, up: Scale, unit: str) -> Iterator[str]:
    for value in across.ticks():
        x = across.at(value)
        yield f'<path d="M{x} {_TOP}V{HEIGHT - _BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x}" y="{HEIGHT - _BOTTOM + 18}" text-anchor="middle">{value:,.0f}</text>'
    for value in up.ticks():
        y = up.at(value)
        yield f'<path d="M{_LEFT} {y}H{WIDTH - _RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>'
    middle = (_LEFT + WIDTH - _RIGHT) // 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">passages</text>'
    yield f'<text transform="translate(16 {HEIGHT // 2}) rotate(-90)" text-anchor="middle">{escape(unit)}</text>'


def _lines(lines: Mapping[str, Points], across: Scale, up: Scale) -> Iterator[str]:
    """Yield each line and its name; names stand in the order of their last values, none over another."""
    last = -math.inf
    named = sorted(enumerate(lines.items()), key=lambda each: up.at(each[1][1][-1][1]))
    for place, (name, points) in named:
        colour = _COLOURS[place % len(_COLOURS)]
        dash = _DASHES[place // len(_COLOURS) % len(_DASHES)]
        drawn = [(across.at(x), up.at(y)) for x, y in points]
        path = "M" + "L".join(f"{x} {y}" for x, y in drawn)
        thick = 3 if place == 0 else 1.5
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dash}/>'
        for x, y in drawn:
            yield f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
        last = max(drawn[-1][1] + 4, last + 14)
        weight = ' font-weight="bold"' if place == 0 else ""
        yield f'<text x="{WIDTH - _RIGHT + 10}" y="{last}" fill="{colour}"{weight}>{escape(name)}</text>'
