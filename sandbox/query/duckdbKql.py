"""Runs KQL over NDJSON files with duckdb-kql, which translates it to DuckDB's SQL.

One JSON object a line on stdin asks, one on stdout answers; the process ends with its stdin.

  in   {"id", "query", "tables": [{"name", "file", "columns": [[name, Kusto type]...]}],
        "from", "to" (seconds since 1970 or null: bounds of TimeGenerated), "seconds" (time limit)}
  out  {"id", "columns": [[name, Kusto type]...], "rows": [[...]...], "elapsed" (seconds)}
  out  {"id", "error": {"code" (always 0), "message"}}
"""

import json
import re
import sys
import threading
import time

import duckdb_kql

TYPES = {
    "string": "VARCHAR",
    "int": "INTEGER",
    "long": "BIGINT",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMP",
    "guid": "UUID",
    "dynamic": "JSON",
}
KUSTO = {kind: name for name, kind in TYPES.items()} | {"HUGEINT": "long", "TIMESTAMP WITH TIME ZONE": "datetime"}


TRAILING_ZEROS = re.compile(r"\.?0+Z$")


def text(value):
    return "'" + value.replace("'", "''") + "'"


def name(value):
    return '"' + value.replace('"', '""') + '"'


class Engine:
    def __init__(self):
        self.connection = duckdb_kql.connect()
        self.tables = []

    def answer(self, request):
        begin = time.monotonic()
        self.define(request)
        schema = {table["name"]: [column for column, _ in table["columns"]] for table in request["tables"]}
        limit = threading.Timer(request["seconds"], self.connection.interrupt)
        limit.start()
        try:
            result = self.connection.sql(str(duckdb_kql.to_sql(request["query"], schema=schema)))
            columns = [[column, KUSTO.get(str(kind), "dynamic")] for column, kind in zip(result.columns, result.types)]
            rows = [[cell(value) for value in row] for row in result.fetchall()]
        finally:
            limit.cancel()
        return {"columns": columns, "rows": rows, "elapsed": time.monotonic() - begin}

    def define(self, request):
        """Replaces the workspace's tables by those of the request, within its time range."""
        for table in self.tables:
            self.connection.execute(f"DROP VIEW IF EXISTS {name(table)}")
        self.tables = [table["name"] for table in request["tables"]]
        bounds = [
            f"TimeGenerated {sign} make_timestamp({round(request[end] * 1_000_000)})"
            for sign, end in ((">=", "from"), ("<", "to"))
            if request[end] is not None
        ]
        where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
        for table in request["tables"]:
            columns = [(column, TYPES[kind]) for column, kind in table["columns"]]
            if table["file"] is None:
                source = f"(SELECT {', '.join(f'NULL::{kind} AS {name(column)}' for column, kind in columns)} WHERE false)"
            else:
                shape = ", ".join(f"{text(column)}: {text(kind)}" for column, kind in columns)
                source = f"read_json({text(table['file'])}, format = 'newline_delimited', columns = {{{shape}}})"
            # Kusto has no null string.
            read = ", ".join(
                f"coalesce({name(column)}, '') AS {name(column)}" if kind == "VARCHAR" else name(column)
                for column, kind in columns
            )
            self.connection.execute(f"CREATE VIEW {name(table['name'])} AS SELECT {read} FROM {source}{where}")


def cell(value):
    """Returns a value in the form of the service's response."""
    if hasattr(value, "isoformat"):
        return TRAILING_ZEROS.sub("Z", value.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z")
    return value if isinstance(value, (int, float, bool, str, type(None))) else str(value)


def main():
    engine = Engine()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = engine.answer(request)
        except Exception as error:  # any exception is the response to the query
            answer = {"error": {"code": 0, "message": str(error)}}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


main()
