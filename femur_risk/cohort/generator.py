"""One virtual patient of a cohort. Whatever varies from patient to patient is drawn here."""

import numpy as np

from meshing.virtual import VirtualPatient, demo_patient

__all__ = ["virtual_patient"]


def virtual_patient(sequence: np.random.SeedSequence) -> VirtualPatient:
    """Return the virtual patient of a seed.

    Today it is that of the demonstration: one geometry and body mass, with another outline of the
    lesion, trabecular texture and noise for each seed.

    Parameters
    ----------
    sequence : SeedSequence
        Of this patient alone; all that is random comes from it.
    """
    return demo_patient(seed=int(sequence.generate_state(1, np.uint64)[0]))
