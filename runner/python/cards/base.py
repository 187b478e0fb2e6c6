"""`from cards.base import BaseCard`, the way existing cards import it."""

from ensemble.base_card import BaseCard

__all__ = ["BaseCard"]
