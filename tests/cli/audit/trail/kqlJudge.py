"""Runs one KQL query over data sets with duckdb-kql, which translates KQL to DuckDB's SQL.

One JSON object on stdin: {"query", "tables": {name: {column: type}}, "sets": [{name: [{column: value}...]}...]}
One JSON array a line on stdout, for each data set: the rows of the result, each an object.
"""

import json
import sys

import duckdb_kql

TYPES = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "int": "INTEGER",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMP",
    "dynamic": "JSON",
}


def main():
    request = json.load(sys.stdin)
    tables = request["tables"]
    connection = duckdb_kql.connect()
    for name, columns in tables.items():
        defined = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} ({defined})")
    sql = duckdb_kql.to_sql(request["query"], schema={name: list(columns) for name, columns in tables.items()})
    for rows in request["sets"]:
        for name, columns in tables.items():
            shape = json.dumps([{column: TYPES[kind] for column, kind in columns.items()}])
            listed = ", ".join(f'row."{column}"' for column in columns)
            connection.execute(f"DELETE FROM {name}")
            connection.execute(
                f"INSERT INTO {name} SELECT {listed} FROM (SELECT unnest(from_json(?, '{shape}')) AS row)",
                [json.dumps(rows.get(name, []))],
            )
        result = connection.sql(str(sql))
        names = [column[0] for column in result.description]
        print(json.dumps([dict(zip(names, row)) for row in result.fetchall()]), flush=True)


main()
