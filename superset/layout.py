"""Where the charts of a dashboard stand.

In: rows of charts with width (of 12) and height. Out: the position tree of Superset's export format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages import Asset, TemplateError, known

WIDTH = 12


def grid(title: str, rows: Sequence[Sequence[Asset]], charts: Mapping[str, Asset]) -> Asset:
    """The position tree of a page of rows."""
    above = ["ROOT_ID", "GRID_ID"]
    row_ids = [f"ROW-{number}" for number in range(1, len(rows) + 1)]
    tree: Asset = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": row_ids},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": title}},
    }
    places = 0
    for row_id, row in zip(row_ids, rows, strict=True):
        if sum(place["width"] for place in row) > WIDTH:
            raise TemplateError(f"{title}: {row_id} is wider than {WIDTH}")
        keys = [f"CHART-{place['chart']}" for place in row]
        meta = {"background": "BACKGROUND_TRANSPARENT"}
        tree[row_id] = {"type": "ROW", "id": row_id, "parents": above, "children": keys, "meta": meta}
        for key, place in zip(keys, row, strict=True):
            places += 1
            tree[key] = _place(key, [*above, row_id], place, known(place["chart"], charts, title), places)
    return tree


def _place(key: str, parents: list[str], place: Asset, chart: Asset, number: int) -> Asset:
    meta = {
        "uuid": chart["uuid"],
        # A place in this file; the import puts the server's own id here.
        "chartId": number,
        "sliceName": chart["slice_name"],
        "width": place["width"],
        "height": place["height"],
    }
    return {"type": "CHART", "id": key, "parents": parents, "children": [], "meta": meta}
