"""Several MPI ranks give the result of one, and none of them outlives a failure."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from femur_fea.cores import count_cores
from femur_fea.domain import ElasticField, YieldField, integration_points
from femur_fea.errors import (
    MissingDependencyError,
    NotConvergedError,
    OutOfRangeError,
)
from femur_fea.solver import solve_linear, solve_nonlinear
from femur_fea.solver.ranks import ThisProcess, choose_ranks
from femur_fea.solver.started import StartedRanks

THEME = "invariance"
KINDS = ["tet4", "tet10", "hex8"]
LIMIT_SECONDS = 120
MPIEXEC = str(Path(sys.executable).with_name("mpiexec"))

BAR = """
import sys
import numpy as np
from femur_fea.errors import SolverError
from femur_fea.solver import solve_linear, LeadingRank, abort_on_faults, follow
from femur_fea.solver.environment import require_dolfinx
from femur_fea.solver.together import solve_together
require_dolfinx()
from mpi4py import MPI
comm = MPI.COMM_WORLD
"""


@pytest.fixture
def bar(box, wavy_modulus, end_load):
    def make(kind, shape=(4, 4, 8)):
        mesh = box(shape, (8.0, 8.0, 20.0), kind, jitter=0.1)
        elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
        pulled = end_load(mesh, [0.3, 0.0, 1.0])
        return mesh, elastic, pulled

    return make


def _launch(code, n_ranks=2):
    return subprocess.run(
        [MPIEXEC, "-n", str(n_ranks), sys.executable, "-c", BAR + code],
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )


@pytest.mark.mpi
@pytest.mark.parametrize("kind", KINDS)
def test_two_and_three_ranks_give_the_fields_of_one(bar, agree_everywhere, kind):
    mesh, elastic, pulled = bar(kind)
    alone, *others = (
        solve_linear(mesh, elastic, [pulled], tolerance=1e-9, ranks=n)[0] for n in (1, 2, 3)
    )
    for n, result in enumerate(others, 2):
        assert result.statistics.ranks == n
        for name in ("u", "strain", "stress", "reaction_force", "external_work"):
            agree_everywhere(
                f"{name} on {n} MPI ranks",
                found=getattr(result, name),
                expected=getattr(alone, name),
                atol=1e-8,
                origin="energy errors of 1e-9 of both",
                source="one rank",
            )


@pytest.mark.mpi
def test_the_factors_of_several_ranks_are_those_of_one(bar, agree_everywhere):
    mesh, elastic, pulled = bar("tet10")
    one, two = (
        solve_linear(mesh, elastic, [pulled], tolerance=1e-9, method="mumps", ranks=n)[0]
        for n in (1, 2)
    )
    agree_everywhere(
        "displacement by MUMPS on 2 MPI ranks",
        found=two.u,
        expected=one.u,
        atol=1e-9,
        origin="round-off times the condition number",
        source="one rank",
    )


@pytest.mark.mpi
def test_a_bone_that_yields_has_one_curve_on_one_and_on_two_ranks(bar, agree_everywhere):
    mesh, elastic, pulled = bar("tet10", shape=(2, 2, 4))
    strength = YieldField(tension=0.01 * elastic.E_modulus, compression=0.012 * elastic.E_modulus)
    one, two = (solve_nonlinear(mesh, elastic, strength, pulled, ranks=n) for n in (1, 2))
    assert two.ranks == 2
    agree_everywhere(
        "curve of a bone that yields on 2 MPI ranks",
        found=two.curve.force[1:] / one.curve.force[1:],
        expected=np.ones(len(one.curve.force) - 1),
        atol=1e-6,
        origin="Newton's method leaves forces within 1e-8 of the exact ones",
        source="one rank",
    )
    np.testing.assert_allclose(two.curve.displacement, one.curve.displacement, rtol=1e-6)
    largest = np.abs(one.plastic_strain).max()
    np.testing.assert_allclose(two.plastic_strain, one.plastic_strain, atol=1e-5 * largest)
    np.testing.assert_allclose(two.yielded_fraction, one.yielded_fraction, rtol=1e-6)
    np.testing.assert_allclose(two.dissipated_energy, one.dissipated_energy, rtol=1e-5)


@pytest.mark.mpi
def test_an_error_of_a_job_comes_back_as_itself(bar):
    mesh, elastic, pulled = bar("tet10")
    with pytest.raises(NotConvergedError) as alone:
        solve_linear(mesh, elastic, [pulled], tolerance=1e-20)
    with pytest.raises(NotConvergedError) as together:
        solve_linear(mesh, elastic, [pulled], tolerance=1e-20, ranks=2)
    assert together.value.expected.split()[0] == alone.value.expected.split()[0]
    assert together.value.remedy == alone.value.remedy


@pytest.mark.mpi
def test_every_rank_of_a_program_has_the_whole_result():
    done = _launch("""
class Sum:
    def run(self, comm):
        return comm.allreduce(comm.rank + 1)
# line and end in one write, for the launcher mixes what the ranks write
sys.stdout.write(f"{solve_together(comm, Sum())}\\n")
""")
    assert (done.returncode, done.stdout.split()) == (0, ["3", "3"]), done.stderr


@pytest.mark.mpi
def test_an_error_on_every_rank_is_raised_on_every_rank_and_the_program_goes_on():
    done = _launch("""
class Refused:
    def run(self, comm):
        raise SolverError(found="nothing", expected="something", remedy="none")
try:
    solve_together(comm, Refused())
except SolverError as error:
    comm.Barrier()
    sys.stdout.write(f"{error.found}\\n")
""")
    assert (done.returncode, done.stdout.split()) == (0, ["nothing", "nothing"]), done.stderr


@pytest.mark.mpi
@pytest.mark.parametrize("loner", [0, 1])
def test_an_error_on_one_rank_ends_the_others_that_wait_for_it(loner):
    done = _launch(f"""
class Refused:
    def run(self, comm):
        if comm.rank == {loner}:
            raise SolverError(found="a loner", expected="company", remedy="none")
        comm.Barrier()
        comm.Barrier()
solve_together(comm, Refused())
""")
    assert done.returncode != 0
    assert f"rank {loner} of 2 alone: a loner" in done.stderr


@pytest.mark.mpi
def test_a_fault_on_one_rank_ends_the_others_that_wait_for_it():
    done = _launch("""
abort_on_faults(comm)
if comm.rank == 1:
    raise ValueError("a fault")
comm.Barrier()
""")
    assert done.returncode != 0
    assert "a fault" in done.stderr


@pytest.mark.mpi
def test_ranks_follow_the_leading_one_until_it_dismisses_them():
    done = _launch("""
class Sum:
    def run(self, comm):
        return comm.allreduce(comm.rank + 1)
class Refused:
    def run(self, comm):
        raise SolverError(found="nothing", expected="something", remedy="none")
if comm.rank > 0:
    sys.exit(follow(comm))
leading = LeadingRank(comm)
print(leading.run(Sum()))
try:
    leading.run(Refused())
except SolverError as error:
    print(error.found)
print(leading.run(Sum()))
leading.dismiss(7)
sys.exit(7)
""")
    assert (done.returncode, done.stdout.split()) == (7, ["3", "nothing", "3"]), done.stderr


@pytest.mark.mpi
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_whatever_ends_the_program_leaves_no_rank_and_no_file(tmp_path, end):
    waiting = tmp_path / "waiting_job.py"
    waiting.write_text(
        "import time\nclass Waiting:\n    def run(self, comm):\n        time.sleep(600)\n"
    )
    code = (
        # a shell that starts tests in the background lets them ignore interruptions
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from waiting_job import Waiting\n"
        "from femur_fea.solver.started import StartedRanks\n"
        "StartedRanks(2).run(Waiting())\n"
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
        stderr=subprocess.DEVNULL,
    )
    ranks = _wait_for_ranks(process.pid)
    process.send_signal(end)
    assert process.wait(LIMIT_SECONDS) != 0
    _, alive = psutil.wait_procs(ranks, timeout=20)
    assert not alive
    assert not list(temporary.glob("femur-fea-*"))


def _wait_for_ranks(pid):
    """Return the processes below one, as soon as two of them are ranks at work."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        below = psutil.Process(pid).children(recursive=True)
        if sum("femur_fea.solver.worker" in process.cmdline()[2:5] for process in below) >= 2:
            return below
        time.sleep(0.2)
    raise TimeoutError


def test_without_mpiexec_the_error_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="no mpiexec"):
        StartedRanks(2).run(ThisProcess())


@pytest.mark.parametrize("count", [0, -1, 10_000])
def test_a_number_of_ranks_that_no_machine_has_is_refused(bar, count):
    mesh, _, _ = bar("tet4")
    with pytest.raises(OutOfRangeError, match=f"{count} ranks"):
        choose_ranks(count, mesh)


def test_auto_is_one_rank_for_a_small_bone_and_never_more_than_the_cores(bar, box):
    small, _, _ = bar("tet10")
    assert isinstance(choose_ranks("auto", small), ThisProcess)
    large = choose_ranks("auto", box((20, 20, 40), (1.0, 1.0, 1.0), "tet10"))
    count = large.count if isinstance(large, StartedRanks) else 1
    assert count == min(count_cores(), 4)  # 0.4 million unknowns


def test_only_the_cores_that_the_process_may_use_count():
    code = (
        "import os; from femur_fea.cores import count_cores\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(count_cores())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
