"""For tests of cards: `run_card` runs one in this process, as a run would."""

from ensemble_testing.run_card import CardRun, run_card

__all__ = ["CardRun", "run_card"]
