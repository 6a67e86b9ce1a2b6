"""Seconds and bytes of every artefact of the report of a finished run.

    uv run python benchmarks/speed/viz.py RUN_DIR [--out FILE]

Everything that stage `report` makes is made once in a temporary folder, in its order; the run is
only read. A figure's seconds are from the end of the one before it, so that the first one bears
the import of VTK and matplotlib. Aims: the whole report within 10 s, report.html below 6 MB.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femur_risk.config import load_config
from femur_risk.pipeline.account import gather_content
from femur_risk.pipeline.artefacts import read_bone
from femur_risk.pipeline.figures import draw_figures
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES
from femur_risk.pipeline.turned import gather_model
from femur_risk.report import (
    Document,
    ReportFigure,
    compose_document,
    find_words,
    write_html,
    write_pdf,
)

ROOT = Path(__file__).resolve().parents[2]
# before the folder of this script, which has the name of a package
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_results  # noqa: E402 -- as said by the line above

AIM = {"seconds": 10.0, "html_MB": 6.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed[T]:
    """What a call returned, and its seconds."""

    value: T
    seconds: float


def main() -> int:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="folder of a finished run")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/viz.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = measure(_run(given.run), Path(place))
    print(write_results(given.out, {"aim": AIM, **found}))
    return 0


def measure(run: Run, place: Path) -> dict[str, Any]:
    """Make the report of a run in a folder and return what each artefact took."""
    manifest = read_manifest(run.folder, case_id=run.case_id)
    began = time.time()
    figures = timed(lambda: draw_figures(run, place))
    model = timed(lambda: gather_model(run))
    words = find_words(run.config.report.language)
    document = compose_document(gather_content(run, manifest, figures.value, model.value), words)
    page, pdf = place / "report.html", place / "report.pdf"
    html = timed(lambda: write_html(document, page))
    paper = timed(lambda: write_pdf(document, pdf))
    mesh, _ = read_bone(run.folder)
    return {
        "bone": {"cells": mesh.n_cells, "triangles": len(mesh.facets)},
        "seconds": round(time.time() - began, 2),
        "html_MB": _megabytes(page),
        "artefacts": [
            *_figures(figures.value, began),
            {"name": "model in report.html", **_spent(model), "MB": _model_megabytes(document)},
            {"name": "report.html", **_spent(html), "MB": _megabytes(page)},
            {"name": "report.pdf", **_spent(paper), "MB": _megabytes(pdf)},
        ],
    }


def timed[T](call: Callable[[], T]) -> Timed[T]:
    """Return what a call returns, with its seconds."""
    began = time.perf_counter()
    value = call()
    return Timed(value=value, seconds=time.perf_counter() - began)


def _run(folder: Path) -> Run:
    manifest = read_manifest(folder, case_id=folder.name)
    return Run(
        case_id=folder.name,
        folder=folder,
        config=load_config(folder / "run.toml"),
        inputs={},
        input_sha256=manifest.input_sha256,
        listener=lambda _event: None,
        ranks=1,
        chain=STAGES,
    )


def _figures(figures: tuple[ReportFigure, ...], began: float) -> list[dict[str, Any]]:
    ended = [began, *(figure.png.stat().st_mtime for figure in figures)]
    return [
        {
            "name": figure.png.name,
            "seconds": round(ended[k + 1] - ended[k], 2),
            "MB": _megabytes(figure.png),
        }
        for k, figure in enumerate(figures)
    ]


def _spent(call: Timed[Any]) -> dict[str, float]:
    return {"seconds": round(call.seconds, 2)}


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 3)


def _model_megabytes(document: Document) -> float:
    blocks = (block for section in document.sections for block in section.blocks)
    (model,) = [block for block in blocks if block.kind == "model"]
    return round(len(json.dumps(model.data)) / 1e6, 3)


if __name__ == "__main__":
    sys.exit(main())
