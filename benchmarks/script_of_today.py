"""The script that people write today to bring monthly workbooks into a table: what `tiendo load` is measured beside.

An ordinary, honest one: one file after another, `pandas.read_excel` with openpyxl, the layout written into the script,
the numbers made numeric, `DataFrame.to_sql` into one table. It is even let off a good part of the work: it reads the
sheet of numbers only and not the narrative, checks nothing, finds no problems, and keeps neither cells nor bytes.

In: a JSON object on standard input: database address, files, and how many seconds it may go on. Out: one on standard
output: how many files and rows it did, in how much time, the start of Python and its imports not counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

SHEET = "Số liệu"
UNIT_CELL, PERIOD_CELL = (2, 2), (4, 2)
FIRST_ROW = 9
COLUMNS = ["order", "code", "name", "measure", "value", "year_sum", "programme_sum", "plan", "rate", "note"]
NUMBERS = ["value", "year_sum", "programme_sum", "plan", "rate"]
TABLE = "report"


def read_workbook(path: Path) -> pd.DataFrame:
    """The rows of one workbook with unit, period and file; numbers as numbers, what is not one as empty."""
    sheet = pd.read_excel(path, sheet_name=SHEET, header=None, engine="openpyxl")
    table = sheet.iloc[FIRST_ROW:, : len(COLUMNS)].set_axis(COLUMNS, axis="columns")
    table = table[table["code"].notna()].copy()
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table["unit"] = str(sheet.iat[UNIT_CELL])
    table["period"] = str(sheet.iat[PERIOD_CELL])
    table["file"] = f"{path.parent.name}/{path.name}"
    return table


def main() -> None:
    """Read files into the table until all are done or the time is up."""
    asked = json.load(sys.stdin)
    engine = sa.create_engine(asked["database"])
    engine.connect().close()
    started, used = time.perf_counter(), time.process_time()
    file_count = row_count = 0
    for name in asked["files"]:
        table = read_workbook(Path(name))
        table.to_sql(TABLE, engine, if_exists="append", index=False)
        file_count, row_count = file_count + 1, row_count + len(table)
        if time.perf_counter() - started > asked["seconds"]:
            break
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - used
    json.dump(
        {"file_count": file_count, "row_count": row_count, "seconds": seconds, "cpu_seconds": cpu_seconds}, sys.stdout
    )


if __name__ == "__main__":
    main()
