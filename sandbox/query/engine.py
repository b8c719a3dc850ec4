"""Runs KQL over NDJSON files with chDB (ClickHouse in process) in its Kusto dialect.

One JSON object a line on stdin asks, one on stdout answers; the process ends with its stdin.

  in   {"id", "query", "tables": [{"name", "file", "columns": [[name, ClickHouse type]...]}],
        "from", "to" (seconds since 1970 or null: bounds of TimeGenerated), "seconds" (time limit)}
  out  {"id", "columns": [[name, ClickHouse type]...], "rows": [[...]...], "elapsed" (seconds)}
  out  {"id", "error": {"code" (ClickHouse's number, 0 if none), "message"}}

The only argument is a folder for chDB's own files.
"""

import json
import re
import sys

# Functions of Kusto that chDB's dialect passes to ClickHouse, where they have other names.
FUNCTIONS = {
    "strcat_array": "(items, delimiter) -> arrayStringConcat(items, delimiter)",
    "extract_json": "(path, text) -> JSON_VALUE(text, path)",
}

SETTINGS = {
    # A column and its aggregate may have the same name, as in Kusto.
    "prefer_column_name_to_alias": "1",
    "output_format_json_quote_64bit_integers": "0",
    "date_time_output_format": "'iso'",
    "date_time_input_format": "'best_effort'",
    "input_format_skip_unknown_fields": "1",
    "input_format_null_as_default": "1",
    "allow_experimental_kusto_dialect": "1",
}

TRAILING_ZEROS = re.compile(r"\.?0+Z$")


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def name(text):
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"


class Engine:
    def __init__(self, folder):
        from chdb import session

        self.session = session.Session(folder)
        self.session.query("CREATE DATABASE IF NOT EXISTS workspace")
        self.session.query("USE workspace")
        for function, body in FUNCTIONS.items():
            self.session.query(f"CREATE FUNCTION IF NOT EXISTS {function} AS {body}")
        for setting, value in SETTINGS.items():
            self.session.query(f"SET {setting} = {value}")
        self.tables = []

    def answer(self, request):
        self.define(request)
        self.session.query(f"SET max_execution_time = {int(request['seconds'])}")
        self.session.query("SET dialect = 'kusto'")
        try:
            result = json.loads(str(self.session.query(request["query"], "JSONCompact")) or "{}")
        finally:
            self.session.query("SET dialect = 'clickhouse'")
        columns = [[column["name"], column["type"]] for column in result.get("meta", [])]
        dates = [index for index, (_, kind) in enumerate(columns) if "DateTime" in kind]
        rows = result.get("data", [])
        for row in rows:
            for index in dates:
                if isinstance(row[index], str):
                    row[index] = TRAILING_ZEROS.sub("Z", row[index]) if "." in row[index] else row[index]
        elapsed = result.get("statistics", {}).get("elapsed", 0)
        return {"columns": columns, "rows": rows, "elapsed": elapsed}

    def define(self, request):
        """Replaces the workspace's tables by those of the request, within its time range."""
        for table in self.tables:
            self.session.query(f"DROP VIEW IF EXISTS {name(table)}")
        self.tables = []
        bounds = []
        if request["from"] is not None:
            bounds.append(f"TimeGenerated >= toDateTime64({request['from']!r}, 7, 'UTC')")
        if request["to"] is not None:
            bounds.append(f"TimeGenerated < toDateTime64({request['to']!r}, 7, 'UTC')")
        where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
        for table in request["tables"]:
            structure = ", ".join(f"{name(column)} {kind}" for column, kind in table["columns"])
            if table["file"] is None:
                source = f"null({quote(structure)})"
            else:
                source = f"file({quote(table['file'])}, 'JSONEachRow', {quote(structure)})"
            self.session.query(f"CREATE VIEW {name(table['name'])} AS SELECT * FROM {source}{where}")
            self.tables.append(table["name"])


def failure(error):
    message = str(error)
    code = re.search(r"Code: (\d+)\.", message)
    return {"code": int(code.group(1)) if code else 0, "message": message}


def main():
    engine = Engine(sys.argv[1])
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = engine.answer(request)
        except Exception as error:  # any exception of chDB is the response to the query
            answer = {"error": failure(error)}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


main()
