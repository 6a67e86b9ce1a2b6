"""Where cases are worked on: in processes of this machine, or by Dask workers anywhere."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import dask
from distributed import Client, LocalCluster

from femur_risk.cohort.attempt import CaseProcesses
from femur_risk.cohort.task import Place
from femur_risk.errors import SchedulerError

__all__ = ["opened"]

_CONNECT_SECONDS = 20
# nothing of a cohort is to be seen or reached over the network
_LOCAL = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing": False,
}


@contextmanager
def opened(place: Place) -> Iterator[tuple[Client, str]]:
    """Yield a client of the place, and the name of the processes on its workers.

    Raises
    ------
    SchedulerError
        If there is no Dask scheduler at the address.
    """
    name = f"femur-fea-{uuid4().hex}"
    with _without_log(), _client(place) as client:
        client.register_plugin(CaseProcesses(name))
        try:
            yield client, name
        finally:
            if place.scheduler is not None and client.status == "running":
                client.unregister_worker_plugin(name)


@contextmanager
def _without_log() -> Iterator[None]:
    """Keep Dask's client from telling in its own words what an error of ours says."""
    log = logging.getLogger("distributed.client")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _client(place: Place) -> Iterator[Client]:
    if place.scheduler is not None:
        with _connected(place.scheduler) as client:
            yield client
        return
    with (
        dask.config.set(_LOCAL),
        LocalCluster(
            n_workers=1,
            threads_per_worker=place.workers,
            processes=False,  # every case has its own; and no port is opened
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # of this program, which holds next to nothing
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TypeError):
        raise SchedulerError(
            found="no answer of a Dask scheduler at the address --scheduler",
            expected="one such as tcp://host:8786, with the same versions of Python and Dask",
            remedy="start it with 'dask scheduler', and give the address that it prints",
        ) from None
    with client:
        yield client
