"""Published effects of acquisition and reconstruction on the strength that finite elements find."""

from femur_fea.domain import Effect

__all__ = ["KERNEL", "SLICE_THICKNESS"]

KERNEL = Effect(
    fraction=0.20,
    source="Benca et al., Eur Radiol Exp 2020, doi:10.1186/s41747-020-00180-3",
    provenance="published",
)
SLICE_THICKNESS = Effect(fraction=0.04, source=KERNEL.source, provenance="published")
