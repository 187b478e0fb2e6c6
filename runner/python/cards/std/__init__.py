"""The built-in cards, one file each. A regular package on purpose: a project's `cards/std/` does not join it."""
