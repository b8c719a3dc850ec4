"""Runs a Python project with the Automation API: `automation.py FOLDER PROJECT STACK up|preview`. Prints the changes, or the error, as JSON.

An engine that was built from Go has no language host for Python. The API is one itself: the engine calls this process, which
runs the project's program as the host does.
"""

import json
import os
import runpy
import sys

from pulumi import automation


def main(folder, project, stack_name, command):
    stack = automation.select_stack(
        stack_name=stack_name,
        project_name=project,
        program=lambda: runpy.run_path(folder) and None,
        opts=automation.LocalWorkspaceOptions(
            work_dir=folder,
            pulumi_command=automation.PulumiCommand(root=os.environ["PULUMI_ROOT"]),
        ),
    )
    try:
        result = getattr(stack, command)(on_output=lambda line: print(line, file=sys.stderr), color="never")
    except automation.CommandError as error:
        print(json.dumps({"error": str(error)}))
        return
    changes = getattr(result, "change_summary", None) or result.summary.resource_changes
    print(json.dumps({"changes": {str(getattr(key, "value", key)): count for key, count in changes.items()}}))


main(*sys.argv[1:])
