"""Charts as inline SVG. Colours and type come from page.css by class, so that light and dark are one drawing."""

import html
import json
import math
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 24, 14, 58


@dataclass(frozen=True)
class Axis:
    label: str
    ticks: tuple
    low: float
    high: float
    unit: str = ""             # behind every tick, for "%"
    logarithmic: bool = False  # above 10; linear below, so that zero has a place

    def share(self, value):
        bend = (lambda v: math.log10(1 + v / 10)) if self.logarithmic else (lambda v: v)
        return (bend(value) - bend(self.low)) / (bend(self.high) - bend(self.low))


@dataclass(frozen=True)
class Series:
    """One detector in one chart: a line, marks, or both. A point is (x, y, what the pointer shows)."""
    family: str
    name: str
    line: tuple = ()
    marks: tuple = ()
    shape: str = "circle"
    kind: str = ""             # "dashed": a second line of the same family


def chart(title, x, y, series):
    """x against y."""
    def place(point):
        return (LEFT + x.share(point[0]) * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - y.share(point[1]) * (HEIGHT - TOP - BOTTOM))

    # Lines are cut at the frame, not past it: a slope that leaves is still drawn right up to the edge.
    frame = "frame-" + "".join(letter for letter in title.lower() if letter.isalpha())
    body = [f'<clipPath id="{frame}"><rect x="{LEFT}" y="{TOP - 2}" width="{WIDTH - LEFT - RIGHT}" '
            f'height="{HEIGHT - TOP - BOTTOM + 4}"/></clipPath>', grid(x, y)]
    for one in series:
        line, marks = [place(point) for point in one.line], [place(point) for point in one.marks]
        drawn = f'<path class="line {one.kind}" clip-path="url(#{frame})" d="{path(line)}"/>' if len(line) > 1 else ""
        drawn += "".join(mark(one.shape, *at) for at in marks if inside(*at))
        hover = [[round(at[0]), round(at[1]), point[2]] for at, point in
                 zip(line + marks, one.line + one.marks) if inside(*at)]
        body.append(group(one.family, drawn, [[px, py, f"{one.name}\n{text}"] for px, py, text in hover]))
    return svg(title, HEIGHT, body)


def dots(title, x, rows, series_of):
    """One row a condition, one dot a detector. `series_of`: {row: [(family, name, value or None)]}."""
    step, top = 50, 10
    height = top + step * len(rows) + BOTTOM
    left = 142
    place = lambda value: left + x.share(min(max(value, x.low), x.high)) * (WIDTH - left - RIGHT)  # noqa: E731
    body = []
    for tick in x.ticks:
        at = place(tick)
        body.append(f'<path class="grid" d="M{at:.0f} {top}V{height - BOTTOM}"/>'
                    f'<text class="tick" x="{at:.0f}" y="{height - BOTTOM + 20}" text-anchor="middle">{tick:g}{x.unit}</text>')
    body.append(f'<text class="axis" x="{(left + WIDTH - RIGHT) / 2:.0f}" y="{height - 10}" text-anchor="middle">{html.escape(x.label)}</text>')
    for number, row in enumerate(rows):
        middle = top + step * (number + 0.5)
        body.append(f'<path class="grid" d="M{left} {middle}H{WIDTH - RIGHT}"/>'
                    f'<text class="row" x="{left - 12}" y="{middle + 5}" text-anchor="end">{html.escape(row)}</text>')
        known = [entry for entry in series_of[row] if entry[2] is not None]
        for (family, name, value), lift in zip(known, lifts([place(value) for _, _, value in known])):
            at = (place(value), middle + lift)
            body.append(group(family, mark("dot", *at), [[round(at[0]), round(at[1]), f"{name}\n{row}: {value:g}"]]))
    return svg(title, height, body)


def lifts(places, reach=10, step=8):
    """How far to move dots up or down so that those on one spot can all be seen."""
    taken, given = [], []
    for at in places:
        for lift in (0, -step, step, -2 * step, 2 * step, -3 * step, 3 * step):
            if all(lift != other or abs(at - where) >= reach for where, other in taken):
                break
        taken.append((at, lift))
        given.append(lift)
    return given


def grid(x, y):
    right, bottom, parts = WIDTH - RIGHT, HEIGHT - BOTTOM, []
    for tick in x.ticks:
        at = LEFT + x.share(tick) * (right - LEFT)
        parts.append(f'<path class="grid" d="M{at:.1f} {TOP}V{bottom}"/>'
                     f'<text class="tick" x="{at:.1f}" y="{bottom + 20}" text-anchor="middle">{tick:g}{x.unit}</text>')
    for tick in y.ticks:
        at = bottom - y.share(tick) * (bottom - TOP)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{right}"/>'
                     f'<text class="tick" x="{LEFT - 8}" y="{at + 5:.1f}" text-anchor="end">{tick:g}{y.unit}</text>')
    parts.append(f'<text class="axis" x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{html.escape(x.label)}</text>')
    middle = (TOP + bottom) / 2
    parts.append(f'<text class="axis" transform="translate(15 {middle}) rotate(-90)" text-anchor="middle">{html.escape(y.label)}</text>')
    return "".join(parts)


def inside(x, y):
    return LEFT - 1 <= x <= WIDTH - RIGHT + 1 and TOP - 1 <= y <= HEIGHT - BOTTOM + 1


def path(points):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def mark(shape, x, y):
    if shape == "diamond":
        return f'<path class="mark" d="M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z"/>'
    return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="{5 if shape == "dot" else 6}"/>'


def group(family, drawn, hover):
    points = html.escape(json.dumps(hover, ensure_ascii=False, separators=(",", ":")))
    return f'<g class="series {family}" data-family="{family}" data-points="{points}">{drawn}</g>'


def svg(title, height, body):
    return (f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{html.escape(title)}">'
            + "".join(body) + '<circle class="finger" r="9"/></svg>')
