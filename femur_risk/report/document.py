"""From what a run found to the document that HTML and PDF show: which section holds what."""

from dataclasses import replace

from femur_risk.report.amounts import quantity
from femur_risk.report.blocks import (
    Block,
    Document,
    Fact,
    Listing,
    Picture,
    Section,
    Sentences,
    Table,
)
from femur_risk.report.content import MethodStep, ReportContent
from femur_risk.report.phrases import caveats, headlines
from femur_risk.report.quality import model_facts, scan_facts
from femur_risk.report.risk import (
    risk_headline,
    risk_reasons,
    risk_shares,
    risk_tables,
    rules_table,
)
from femur_risk.report.solves import solver_table
from femur_risk.report.tables import strength_table
from femur_risk.report.uncertainty import uncertainty_table
from femur_risk.report.words import WORDS

__all__ = ["compose_document"]

type _Blocks = tuple[Block | None, ...]


def compose_document(run: ReportContent) -> Document:
    """Return the document of a run: scan, result, weakest site, strength, rules, reasons, method.

    A section without a block is left out, and so is what does not apply.
    """
    parts: tuple[tuple[str, str, _Blocks], ...] = (
        ("quality", WORDS["quality"], scan_facts(run)),
        ("result", WORDS["result"], _result(run)),
        ("strength", WORDS["table_title"], (strength_table(run),)),
        ("rules", WORDS["risk_rules"], _rules(run)),
        ("risk", WORDS["risk_title"], (*risk_reasons(run.risk), *risk_tables(run.risk))),
        ("uncertainty", WORDS["uncertainty"], _uncertainty(run)),
        ("figures", WORDS["figures"], tuple(_picture(run, k) for k in range(1, len(run.figures)))),
        ("model", WORDS["model"], (*model_facts(run), solver_table(run))),
        ("methods", WORDS["methods"], (_methods(run.methods), *_provenance(run))),
    )
    sections = [
        Section(name=name, heading=heading, blocks=tuple(block for block in blocks if block))
        for name, heading, blocks in parts
    ]
    return Document(
        language="en",
        title=WORDS["title"],
        case_id=run.case_id,
        notice=WORDS["research_use"],
        year=run.run_date.year,
        month=run.run_date.month,
        day=run.run_date.day,
        identity=_identity(run),
        sections=tuple(section for section in sections if section.blocks),
    )


def _identity(run: ReportContent) -> tuple[Fact, ...]:
    return (
        Fact(name=WORDS["case"], value=run.case_id),
        Fact(name=WORDS["side"], value=run.side),
        Fact(name=WORDS["mass"], value=quantity(run.mass_kg, "kg")),
        Fact(name=WORDS["date"], value=run.run_date.isoformat()),
        Fact(name=WORDS["preset"], value=run.preset),
        Fact(name=WORDS["version"], value=run.software_version),
        Fact(name=WORDS["calibration"], value=run.calibration.label),
    )


def _result(run: ReportContent) -> _Blocks:
    return (
        Sentences(role="result", sentences=(*headlines(run), risk_headline(run.risk))),
        Sentences(role="warning", sentences=(*caveats(run), *run.warnings)),
        _none_warned(run),
        _picture(run, 0) if run.figures else None,
    )


def _none_warned(run: ReportContent) -> Sentences | None:
    if run.warnings:
        return None
    return Sentences(role="note", sentences=(WORDS["no_warnings"],))


def _picture(run: ReportContent, index: int) -> Picture:
    figure = run.figures[index]
    return Picture(png=figure.png, caption=figure.caption, is_key=index == 0)


def _rules(run: ReportContent) -> _Blocks:
    table = rules_table(run.risk)
    return (None if table is None else replace(table, heading=""),)


def _uncertainty(run: ReportContent) -> _Blocks:
    return (uncertainty_table(run.loads), risk_shares(run.risk))


def _methods(steps: tuple[MethodStep, ...]) -> Table | None:
    if not steps:
        return None
    return Table(
        columns=(WORDS["step"], WORDS["description"], WORDS["source"]),
        rows=tuple((each.step, each.description, each.source or WORDS["none"]) for each in steps),
    )


def _provenance(run: ReportContent) -> _Blocks:
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    unverified = Listing(heading=WORDS["unverified"], items=run.unverified)
    return (
        unverified if run.unverified else None,
        Listing(heading=WORDS["versions"], items=(versions,)) if versions else None,
    )
