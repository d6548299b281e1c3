"""The reading process: takes one job as JSON from its input, says frames on its output."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from pathlib import Path

from revops_site.kernel.reading import frames, inner, limits
from revops_site.kernel.reading.records import UnreadableError

NO_MEMORY = "needs more memory than the reading of a file may take"


def main() -> int:
    """Do the job; whatever happens is said in a frame."""
    limits.set_limits()
    gc.set_threshold(500_000)  # records come and go by the thousand, and none refers to itself
    job = json.loads(sys.stdin.buffer.read())
    limits.limit_time(Path(job["path"]))
    out = sys.stdout.buffer
    try:
        inner.run(job, out)
    except UnreadableError as error:
        frames.write(out, frames.UNREADABLE, str(error).encode(errors="replace"))
    except MemoryError:
        frames.write(out, frames.UNREADABLE, NO_MEMORY.encode())
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more
    except BaseException:  # a reader's panic is none of Python's exceptions
        frames.write(out, frames.FAILED, traceback.format_exc()[-2000:].encode(errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
