"""One asset from its spec: a dataset, a chart, a dashboard with its filters, a saved question.

In: the spec of a template, the words and the assets that it names. Out: the asset as Superset's import reads it, under
a UUIDv5 of its kind and name. Every name that a spec uses is looked up on the way: ContractError, TemplateError.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from contract import SCHEMA, Column, ContractError, Views, columns_of_sql, columns_of_view
from layout import grid
from pages import Asset, Renderer, known, names_in_page, one_line

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "superset.tiendo.invalid")
VERSION = "1.0.0"
ROW_LIMIT = 5000


def asset_uuid(kind: str, name: str) -> str:
    """The lasting identity of an asset: it depends on nothing but kind and name."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def dataset_asset(name: str, spec: Asset, render: Renderer, views: Views) -> Asset:
    """A published view, or a query over them in a language's words."""
    sql = render.text(f"datasets/{spec['sql']}") if "sql" in spec else None
    if sql:
        columns = columns_of_sql(sql, spec.get("columns", []), spec["computed"], views)
    else:
        named = list(views.get(spec["table_name"], {})) if spec["columns"] == "all" else spec["columns"]
        columns = columns_of_view(spec["table_name"], named, views)
    return signed(
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


def chart_asset(name: str, spec: Asset, render: Renderer, datasets: Mapping[str, Asset]) -> Asset:
    """A page of Handlebars or a plot over one dataset."""
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
    return signed(
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


def dashboard_asset(
    name: str, spec: Asset, render: Renderer, charts: Mapping[str, Asset], datasets: Mapping[str, Asset]
) -> Asset:
    """Charts in rows, with the choices above them."""
    filters = [
        _filter(f"dashboards/{name}.yml", number, asked, datasets)
        for number, asked in enumerate(spec.get("filters", []), start=1)
    ]
    return signed(
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


def question_asset(name: str, spec: Asset, render: Renderer, views: Views) -> Asset:
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


def signed(kind: str, name: str, body: Asset) -> Asset:
    """The asset under its lasting identity, closed to edits that the next import would overwrite."""
    return {**body, "uuid": asset_uuid(kind, name), "version": VERSION, "is_managed_externally": True}
