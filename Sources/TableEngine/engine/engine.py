"""The table engine of the data market: reads jobs, one JSON object a line, and answers each with one line.

It runs as a process of its own, so that what it is given can neither take the server's memory nor its time: the server
starts it with limits and ends it. An answer is the job's result, {"refused": …} when the input is at fault,
{"missing": …} when a library is that the job needs, or {"error": …} when the engine is at fault; then standard error holds
the trace.
"""

import argparse
import json
import os
import resource
import sys
import traceback

# Python started with -I does not look beside the program.
# The folder may be read-only, or a copy that must stay as it is.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# What who starts the engine knows as "not installed here".
MISSING = 3

try:
    from database import Limits  # noqa: E402
except ImportError:
    sys.exit(MISSING)
from refusal import Refused  # noqa: E402


def jobs():
    """Loaded once the limits are set."""
    from archiving import archive, recall
    from exporting import export
    from figures import figure
    from printing import print_page
    from rows import rows
    from table import table
    from tracing import trace

    return {
        "table": table,
        "export": export,
        "trace": trace,
        "rows": rows,
        "archive": archive,
        "recall": recall,
        "figure": figure,
        "print": print_page,
    }


def answer(line, limits, known):
    try:
        job = json.loads(line)
        return as_line(known[job["job"]](job, limits))
    except Refused as refused:
        return as_line({"refused": refused.answer})
    except ImportError as error:
        return as_line({"missing": error.name})
    except Exception as error:
        traceback.print_exc()
        return as_line({"error": f"{type(error).__name__}: {str(error)[:300]}"})


def as_line(made):
    # Texts of tables may hold halves of surrogate pairs, which are no UTF-8; as escapes they pass.
    return json.dumps(made, allow_nan=False).encode() + b"\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--memory-mb", type=int, default=1024)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--temporary", required=True)
    arguments.add_argument("--temporary-mb", type=int, default=65_536)
    options = arguments.parse_args()
    # Address space is reserved generously and used little; this only ends what has run away.
    most = (options.memory_mb * 2 + 2048) << 20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    limits = Limits(options.memory_mb, options.threads, options.temporary, options.temporary_mb)
    # Whatever else is printed, also by libraries, must not stand between answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    known = jobs()
    for line in sys.stdin.buffer:
        if line.strip():
            answers.write(answer(line, limits, known))
            answers.flush()


if __name__ == "__main__":
    main()
