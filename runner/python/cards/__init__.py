"""The package that a project's card files join: `cards/models/train.py` is `cards.models.train` in every step.

Our own folder stays first on the path, so `cards.base` and `cards.std` are never a project's file, and a project's
`cards/__init__.py` is never run. Whoever adds a project to `sys.path` later calls `extend_path` again.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
