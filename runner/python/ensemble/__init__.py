"""What a card may import: the base class and the error it raises when the card contract is broken.

Importing this package is cheap on purpose: pandas, pyarrow and joblib are loaded by the first call that needs them.
"""

from ensemble.base_card import BaseCard
from ensemble.errors import ContractError

__all__ = ["BaseCard", "ContractError"]
