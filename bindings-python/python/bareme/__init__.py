"""Scores of territories on social media that anyone can recompute, to the last bit.

A methodology is a document; a cohort is what is known of territories and their accounts for one period, given
as a data frame of any library; scoring one with the other gives scores, marks and ranks in the same kind of
frame.

>>> import bareme
>>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
>>> scoring.scores["performance.published"]
['25', '75']

Nothing here is official: the methodologies of the catalogue are reconstructions from public texts, or
proposals, and every row of every result says so in its column ``status``.
"""

from ._bareme import LANGUAGE, __version__
from ._cohort import Cohort, Ignored
from ._errors import BaremeError, Fault, InputError, InternalError, NotFoundError
from ._frames import Frame
from ._methodology import Methodology, catalogue, methodology, schema
from ._publication import Publication, Receipt, Verification, verify
from ._scoring import Reference, Scoring, Territory

__all__ = [
    "LANGUAGE",
    "BaremeError",
    "Cohort",
    "Fault",
    "Frame",
    "Ignored",
    "InputError",
    "InternalError",
    "Methodology",
    "NotFoundError",
    "Publication",
    "Receipt",
    "Reference",
    "Scoring",
    "Territory",
    "Verification",
    "__version__",
    "catalogue",
    "methodology",
    "schema",
    "verify",
]
