"""The one exception of the SDK."""


class ContractError(Exception):
    """A card and its surroundings disagree: a wrong key, an unknown reference, a promised output that is missing.

    The message is one sentence that names what, where and how to mend it.
    """
