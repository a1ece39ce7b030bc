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
from dataclasses import dataclass
from pathlib import Path

import yaml
from assets import VERSION, asset_uuid, chart_asset, dashboard_asset, dataset_asset, question_asset, signed
from contract import MIGRATED, READS, ContractError, published_views
from pages import LANGUAGES, Asset, Renderer, TemplateError

logger = logging.getLogger("tiendo.superset.generate")

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "dbt_project"
MARTS = PROJECT / "models" / "marts"
SEEDS = PROJECT / "seeds"
KINDS = ("databases", "datasets", "charts", "dashboards", "questions")


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


def build(seeds: Path = SEEDS, marts: Path = MARTS) -> Assets:
    """All assets in all languages, checked."""
    views, all_assets = published_views(marts), Assets({}, {}, {}, {}, {}, [])
    for language in LANGUAGES:
        render = Renderer(seeds, language)
        # The first language's assets have plain names; another's carry its code.
        tail = "" if language == LANGUAGES[0] else f"_{language}"
        if not tail:
            databases = render.specs("databases").items()
            all_assets.databases.update({name: signed("databases", name, spec) for name, spec in databases})
        datasets = {
            # A plain view has no words in it: all languages share its dataset.
            name: dataset_asset(name + tail, spec, render, views)
            if "sql" in spec or not tail
            else all_assets.datasets[name]
            for name, spec in render.specs("datasets").items()
        }
        charts = {
            name: chart_asset(name + tail, spec, render, datasets) for name, spec in render.specs("charts").items()
        }
        pages = {
            name: dashboard_asset(name + tail, spec, render, charts, datasets)
            for name, spec in render.specs("dashboards").items()
        }
        questions = {
            name: question_asset(name + tail, spec, render, views) for name, spec in render.specs("questions").items()
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
