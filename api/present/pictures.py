"""A chart as a PNG, for chats.

One rule: the picture is the page's own chart; nothing is drawn here.
"""

import base64
from collections.abc import Mapping
from functools import cache

import font_roboto
import resvg_py

from api.present.charts import Chart, svg

PIXELS = 1080
_PAPER = "#ffffff"
_STYLE = """
svg { font-family: Roboto; font-size: 14px }
.name { fill: #16202c } .value { fill: #16202c; font-weight: 700 }
.now { fill: #1a5fb8 } .before { stroke: #566373; stroke-width: 1 } .hatch { stroke: #566373; stroke-width: 2 }
.p90 { stroke: #a8261a; stroke-width: 3 } .axis { stroke: #566373 } .few { fill: none; stroke: #566373 }
"""


@cache
def _fonts() -> Mapping[str, str]:
    found: Mapping[str, str] = font_roboto.font_files
    return found


def png(chart: Chart) -> bytes:
    """The picture, 1080 pixels wide."""
    made = resvg_py.svg_to_bytes(
        svg_string=svg(chart),
        style_sheet=_STYLE,
        background=_PAPER,
        width=PIXELS,
        skip_system_fonts=True,
        font_files=[_fonts()["Roboto"], _fonts()["RobotoBold"]],
        font_family="Roboto",
    )
    return bytes(made) if not isinstance(made, str) else base64.b64decode(made)
