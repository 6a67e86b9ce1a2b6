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
from femur_risk.report.model import describe_model
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
from femur_risk.report.words import Words

__all__ = ["compose_document"]

type _Blocks = tuple[Block | None, ...]

_ORIGINAL = "original_wording"


def compose_document(run: ReportContent, words: Words) -> Document:
    """Return the document of a run: scan, result, weakest site, strength, rules, reasons, method.

    What lower layers say ready-made stays in their English, and the document says so. A section
    without a block is left out, and so is what does not apply.
    """
    parts: tuple[tuple[str, str, _Blocks], ...] = (
        ("quality", words["quality"], scan_facts(words, run)),
        ("result", words["result"], _result(words, run)),
        ("strength", words["table_title"], (strength_table(words, run),)),
        ("rules", words["risk_rules"], _rules(words, run)),
        ("risk", words["risk_title"], _risk(words, run)),
        ("uncertainty", words["uncertainty"], _uncertainty(words, run)),
        ("figures", words["figures"], _figures(words, run)),
        ("model", words["model"], (*model_facts(words, run), solver_table(words, run))),
        (
            "methods",
            words["methods"],
            _original(words, _methods(words, run.methods), *_provenance(words, run)),
        ),
    )
    sections = [
        Section(name=name, heading=heading, blocks=tuple(block for block in blocks if block))
        for name, heading, blocks in parts
    ]
    return Document(
        language=words.language,
        title=words["title"],
        case_id=run.case_id,
        notice=words["research_use"],
        year=run.run_date.year,
        month=run.run_date.month,
        day=run.run_date.day,
        identity=_identity(words, run),
        sections=tuple(section for section in sections if section.blocks),
    )


def _identity(words: Words, run: ReportContent) -> tuple[Fact, ...]:
    return (
        Fact(name=words["case"], value=run.case_id),
        Fact(name=words["side"], value=words.term("side", run.side)),
        Fact(name=words["mass"], value=quantity(words, run.mass_kg, "kg")),
        Fact(name=words["date"], value=run.run_date.isoformat()),
        Fact(name=words["preset"], value=run.preset),
        Fact(name=words["version"], value=run.software_version),
        Fact(name=words["calibration"], value=words.term("calibration", run.calibration.label)),
    )


def _result(words: Words, run: ReportContent) -> _Blocks:
    ready = (_ORIGINAL,) if run.warnings and not words.is_original else ()
    remarks = (*caveats(words, run), *(words[key] for key in ready), *run.warnings)
    nothing = None if run.warnings else Sentences(role="note", sentences=(words["no_warnings"],))
    return (
        Sentences(
            role="result", sentences=(*headlines(words, run), risk_headline(words, run.risk))
        ),
        Sentences(role="warning", sentences=remarks),
        nothing,
        _picture(words, run, 0) if run.figures else None,
        None if run.surface is None else describe_model(words, run.surface),
    )


def _original(words: Words, *blocks: Block | None) -> _Blocks:
    """Return blocks whose sentences are ready-made, and before them that they are."""
    if words.is_original or not any(blocks):
        return blocks
    return (Sentences(role="note", sentences=(words[_ORIGINAL],)), *blocks)


def _risk(words: Words, run: ReportContent) -> _Blocks:
    tables = risk_tables(words, run.risk)
    return (*tables, *_original(words, *risk_reasons(words, run.risk)))


def _figures(words: Words, run: ReportContent) -> _Blocks:
    return tuple(_picture(words, run, k) for k in range(1, len(run.figures)))


def _picture(words: Words, run: ReportContent, index: int) -> Picture:
    figure = run.figures[index]
    return Picture(
        png=figure.png, caption=words.say("original", text=figure.caption), is_key=index == 0
    )


def _rules(words: Words, run: ReportContent) -> _Blocks:
    table = rules_table(words, run.risk)
    return () if table is None else (replace(table, heading=""),)


def _uncertainty(words: Words, run: ReportContent) -> _Blocks:
    return (uncertainty_table(words, run.loads), risk_shares(words, run.risk))


def _methods(words: Words, steps: tuple[MethodStep, ...]) -> Table | None:
    if not steps:
        return None
    return Table(
        columns=(words["step"], words["description"], words["source"]),
        rows=tuple((each.step, each.description, each.source or words["none"]) for each in steps),
    )


def _provenance(words: Words, run: ReportContent) -> _Blocks:
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    unverified = Listing(heading=words["unverified"], items=run.unverified)
    return (
        unverified if run.unverified else None,
        Listing(
            heading=words["versions"],
            items=(versions, f"{words['risk_model']}: {run.risk.model}"),
        )
        if versions
        else None,
    )
