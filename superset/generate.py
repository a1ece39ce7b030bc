"""Write the Superset assets: databases, datasets, charts, dashboards, as YAML for the import.

In: the templates beside this file, labels.yml, the seeds term.csv and status.csv, the contracts of the marts. Out: a
folder in Superset's export format. Names are UUIDv5, no file holds a server's id or a password, and the same input
gives the same bytes. Checked on the way: dashboard, chart, dataset and column, down to each name used in a page.

    python superset/generate.py OUT --exposures dbt_project/models/exposures.yml
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from contract import (
    MIGRATED,
    READS,
    SCHEMA,
    Column,
    ContractError,
    Views,
    columns_of_sql,
    columns_of_view,
    published_views,
)
from layout import grid
from pages import LANGUAGES, Asset, Renderer, TemplateError, known, names_in_page, one_line

logger = logging.getLogger("tiendo.superset.generate")

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "dbt_project"
MARTS = PROJECT / "models" / "marts"
SEEDS = PROJECT / "seeds"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "superset.tiendo.invalid")
VERSION = "1.0.0"
KINDS = ("databases", "datasets", "charts", "dashboards", "questions")
ROW_LIMIT = 5000


@dataclass(frozen=True)
class Assets:
    """What the templates give, by kind and name, before it is written."""

    databases: dict[str, Asset]
    datasets: dict[str, Asset]
    charts: dict[str, Asset]
    dashboards: dict[str, Asset]
    questions: dict[str, Asset]
    # What a unit's account may ask, beside the views themselves: the datasets of the pages that are made for units.
    unit_datasets: list[str]

    def files(self) -> dict[str, Asset]:
        """Each asset by the path it is written to."""
        return {f"{kind}/{name}.yaml": asset for kind in KINDS for name, asset in sorted(getattr(self, kind).items())}


def asset_uuid(kind: str, name: str) -> str:
    """The lasting identity of an asset: it depends on nothing but kind and name."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def build(seeds: Path = SEEDS, marts: Path = MARTS) -> Assets:
    """All assets in all languages, checked."""
    views, all_assets = published_views(marts), Assets({}, {}, {}, {}, {}, [])
    for language in LANGUAGES:
        render = Renderer(seeds, language)
        # The first language's assets have plain names; another's carry its code.
        tail = "" if language == LANGUAGES[0] else f"_{language}"
        if not tail:
            databases = render.specs("databases").items()
            all_assets.databases.update({name: _signed("databases", name, spec) for name, spec in databases})
        datasets = {
            # A plain view has no words in it: all languages share its dataset.
            name: _dataset(name + tail, spec, render, views) if "sql" in spec or not tail else all_assets.datasets[name]
            for name, spec in render.specs("datasets").items()
        }
        charts = {name: _chart(name + tail, spec, render, datasets) for name, spec in render.specs("charts").items()}
        pages = {
            name: _dashboard(name + tail, spec, render, charts, datasets)
            for name, spec in render.specs("dashboards").items()
        }
        questions = {
            name: _question(name + tail, spec, render, views) for name, spec in render.specs("questions").items()
        }
        made_kinds = {"datasets": datasets, "charts": charts, "dashboards": pages, "questions": questions}
        for kind, made in made_kinds.items():
            getattr(all_assets, kind).update(
                {name + tail: asset for name, asset in made.items() if asset["uuid"] == asset_uuid(kind, name + tail)}
            )
        for name, spec in render.specs("dashboards").items():
            if spec.get("is_for_units"):
                shown = [part["meta"]["uuid"] for part in pages[name]["position"].values() if _is_chart(part)]
                asked = {chart["dataset_uuid"] for chart in charts.values() if chart["uuid"] in shown}
                all_assets.unit_datasets.extend(sorted(asked - set(all_assets.unit_datasets)))
    plain = {dataset["uuid"] for dataset in all_assets.datasets.values() if dataset["sql"] is None}
    all_assets.unit_datasets.extend(sorted(plain - set(all_assets.unit_datasets)))
    return all_assets


def write(assets: Assets, out: Path) -> None:
    """Write the assets; what an earlier run left in the folder is removed."""
    for kind in KINDS:
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir(parents=True)
    heads = {"metadata.yaml": {"version": VERSION, "type": "assets"}, "unit_datasets.yaml": assets.unit_datasets}
    for path, asset in {**heads, **assets.files()}.items():
        text = yaml.dump(asset, Dumper=_Dumper, allow_unicode=True, sort_keys=True, width=120)
        (out / path).write_text(text, encoding="utf-8", newline="\n")


def exposures(assets: Assets) -> str:
    """The dashboards as exposures of dbt: which marts stand behind each, so that its lineage ends at what is seen."""
    charts = {chart["uuid"]: chart for chart in assets.charts.values()}
    datasets = {dataset["uuid"]: dataset for dataset in assets.datasets.values()}
    found = []
    for name, page in sorted(assets.dashboards.items()):
        shown = [charts[part["meta"]["uuid"]] for part in page["position"].values() if _is_chart(part)]
        read = {view for chart in shown for view in views_of(datasets[chart["dataset_uuid"]])}
        found.append(
            {
                "name": name,
                "type": "dashboard",
                "label": page["dashboard_title"],
                "description": page["description"],
                "url": f"/superset/dashboard/{page['slug']}/",
                "owner": {"name": "tiendo", "email": "tiendo@tiendo.invalid"},
                "depends_on": [f"ref('{view}')" for view in sorted(read - set(MIGRATED))],
            }
        )
    head = "# Written by `make dashboards`: which marts stand behind each dashboard.\n"
    # As wide as the longest sentence, so that no line is broken inside one.
    return head + yaml.dump(
        {"version": 2, "exposures": found}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000
    )


def views_of(dataset: Asset) -> set[str]:
    """The published views that a dataset reads."""
    return set(READS.findall(dataset["sql"])) if dataset["sql"] else {dataset["table_name"]}


def _is_chart(part: object) -> bool:
    return isinstance(part, dict) and part["type"] == "CHART"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that a person can read the SQL and the style sheets."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)


def _dataset(name: str, spec: Asset, render: Renderer, views: Views) -> Asset:
    sql = render.text(f"datasets/{spec['sql']}") if "sql" in spec else None
    if sql:
        columns = columns_of_sql(sql, spec.get("columns", []), spec["computed"], views)
    else:
        named = list(views.get(spec["table_name"], {})) if spec["columns"] == "all" else spec["columns"]
        columns = columns_of_view(spec["table_name"], named, views)
    return _signed(
        "datasets",
        name,
        {
            "table_name": name if sql else spec["table_name"],
            "schema": SCHEMA,
            "sql": sql,
            "description": spec["description"],
            "database_uuid": asset_uuid("databases", spec["database"]),
            "main_dttm_col": None,
            "cache_timeout": None,
            "filter_select_enabled": True,
            "normalize_columns": False,
            "columns": [_column(column) for column in columns],
            "metrics": [
                {"metric_name": metric, "expression": expression}
                for metric, expression in {"count": "count(*)", **spec.get("metrics", {})}.items()
            ],
        },
    )


def _column(column: Column) -> Asset:
    return {
        "column_name": column.name,
        "type": column.data_type.upper(),
        "description": column.description,
        "is_dttm": column.is_time,
        "is_active": True,
        "groupby": True,
        "filterable": True,
    }


def _chart(name: str, spec: Asset, render: Renderer, datasets: Mapping[str, Asset]) -> Asset:
    dataset = known(spec["dataset"], datasets, f"charts/{name}.yml")
    columns = [column["column_name"] for column in dataset["columns"]]
    page = one_line(render.text(f"charts/{spec['handlebars']}")) if "handlebars" in spec else None
    used = names_in_page(page) if page else set(spec["uses"])
    if unknown := sorted((used | set(spec.get("order_by", []))) - set(columns)):
        there = ", ".join(columns)
        raise ContractError(f"charts/{name} uses {', '.join(unknown)}; dataset {spec['dataset']} has: {there}")
    params = {"adhoc_filters": _only(spec, columns, f"charts/{name}"), "row_limit": ROW_LIMIT}
    if page:
        # What a page is sorted by is asked for with it.
        asked = used | set(spec["order_by"])
        params |= {
            "viz_type": "handlebars",
            "query_mode": "raw",
            "all_columns": [column for column in columns if column in asked],
            "order_by_cols": [f'["{column}", true]' for column in spec["order_by"]],
            "handlebarsTemplate": page,
            "styleTemplate": "",
        }
    else:
        params |= {"viz_type": spec["viz_type"], **spec["params"]}
    return _signed(
        "charts",
        name,
        {
            "slice_name": spec["slice_name"],
            "viz_type": params["viz_type"],
            "params": params,
            "query_context": None,
            "cache_timeout": None,
            "dataset_uuid": dataset["uuid"],
        },
    )


def _dashboard(
    name: str, spec: Asset, render: Renderer, charts: Mapping[str, Asset], datasets: Mapping[str, Asset]
) -> Asset:
    filters = [
        _filter(f"dashboards/{name}.yml", number, asked, datasets)
        for number, asked in enumerate(spec.get("filters", []), start=1)
    ]
    return _signed(
        "dashboards",
        name,
        {
            "dashboard_title": spec["dashboard_title"],
            "description": spec["description"],
            "slug": spec["slug"],
            "css": "".join(render.text(f"dashboards/{sheet}") for sheet in spec["css"]),
            "published": True,
            "position": grid(spec["dashboard_title"], spec["rows"], charts),
            "metadata": {
                # Present though empty, or each visit of a page would try to write them.
                "color_scheme": "",
                "color_scheme_domain": [],
                "label_colors": {},
                "map_label_colors": {},
                "shared_label_colors": [],
                "cross_filters_enabled": False,
                "expanded_slices": {},
                "filter_scopes": {},
                "native_filter_configuration": filters,
                "filter_bar_orientation": "HORIZONTAL" if filters else "VERTICAL",
                "refresh_frequency": 0,
                "timed_refresh_immune_slices": [],
            },
        },
    )


def _only(spec: Asset, columns: list[str], where: str) -> list[Asset]:
    """The rows a chart or a filter is confined to: `only: {column: value}`."""
    wanted = spec.get("only", {})
    if unknown := sorted(set(wanted) - set(columns)):
        raise ContractError(f"{where} is confined by {', '.join(unknown)}; there are: {', '.join(columns)}")
    return [
        {
            "clause": "WHERE",
            "expressionType": "SIMPLE",
            "subject": column,
            "operator": "==",
            "operatorId": "EQUALS",
            "comparator": value,
        }
        for column, value in wanted.items()
    ]


def _question(name: str, spec: Asset, render: Renderer, views: Views) -> Asset:
    """A query that an evaluator finds saved in SQL Lab."""
    sql = render.text(f"questions/{spec['sql']}")
    columns_of_sql(sql, [], {}, views)
    return {
        "uuid": asset_uuid("questions", name),
        "label": spec["label"],
        "description": spec["description"],
        "schema": SCHEMA,
        "sql": sql,
    }


def _filter(where: str, number: int, asked: Asset, datasets: Mapping[str, Asset]) -> Asset:
    """A choice above a page: one value of a column of a dataset; it reaches each chart that has such a column."""
    dataset = known(asked["dataset"], datasets, where)
    columns = [column["column_name"] for column in dataset["columns"]]
    if asked["column"] not in columns:
        raise ContractError(
            f"{where} filters by {asked['column']}; dataset {asked['dataset']} has: {', '.join(columns)}"
        )
    order = asked.get("order")
    if order and order not in [metric["metric_name"] for metric in dataset["metrics"]]:
        raise ContractError(f"{where} orders by {order}, which dataset {asked['dataset']} does not measure")
    chosen: Asset = {"extraFormData": {}, "filterState": {}, "ownState": {}}
    if value := asked.get("default"):
        chosen["extraFormData"] = {"filters": [{"col": asked["column"], "op": "IN", "val": [value]}]}
        chosen["filterState"] = {"value": [value], "label": value, "validateStatus": False}
    return {
        "id": f"NATIVE_FILTER-{number}",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "name": asked["name"],
        "description": asked.get("description", ""),
        "targets": [{"datasetUuid": dataset["uuid"], "column": {"name": asked["column"]}}],
        "adhoc_filters": _only(asked, columns, where),
        "defaultDataMask": chosen,
        # The first value is applied when the page opens, not only chosen.
        "requiredFirst": "default" not in asked,
        "controlValues": {
            # Without a choice a page would show all at once: the first value is taken until another is.
            "enableEmptyFilter": True,
            "defaultToFirstItem": "default" not in asked,
            "multiSelect": False,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": asked.get("ascending", True),
            # Without a metric of the dataset the values are in the order of the alphabet.
            "sortMetric": order,
        },
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def _signed(kind: str, name: str, body: Asset) -> Asset:
    return {**body, "uuid": asset_uuid(kind, name), "version": VERSION, "is_managed_externally": True}


def main(arguments: list[str] | None = None) -> int:
    """Write the assets to the folder given."""
    parser = argparse.ArgumentParser(description="Write the Superset assets.")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--exposures", type=Path, help="file to write the exposures of dbt to")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    # Relative to dbt_project, as dbt reads it.
    seeds = (PROJECT / os.environ.get("TIENDO_PROGRAMME", "seeds")).resolve()
    try:
        assets = build(seeds, MARTS)
    except (ContractError, TemplateError) as error:
        logger.error("%s", error)  # noqa: TRY400  a sentence for a person; the trace adds nothing
        return 1
    write(assets, given.out)
    if given.exposures:
        given.exposures.write_text(exposures(assets), encoding="utf-8", newline="\n")
    counts = ", ".join(f"{len(getattr(assets, kind))} {kind}" for kind in KINDS)
    logger.info("✓ %s: %s", counts, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
