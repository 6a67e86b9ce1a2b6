"""A program that carries out a cohort of cheap cases, so that it can be killed.

Arguments: folder, number of cases, seconds of each, and the address of a scheduler or nothing.
"""

import sys
from pathlib import Path

from cheap_work import work

from femur_risk.cohort import Limits, Place, Task, alone_in, carry_out
from femur_risk.errors import SchedulerError


def main() -> int:
    folder, n, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    place = Place(scheduler=sys.argv[4]) if len(sys.argv) > 4 else Place(workers=2)
    tasks = [Task(case_id=f"case-{k}", basis="same", given={"seconds": seconds}) for k in range(n)]
    try:
        with alone_in(folder):
            carry_out(
                tasks,
                work,
                folder,
                place=place,
                limits=Limits(),
                listener=lambda progress: print(progress.done, flush=True),  # noqa: T201 # its report
            )
    except SchedulerError:
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
