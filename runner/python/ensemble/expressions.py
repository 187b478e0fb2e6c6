"""A small language for computing a column from others: parsed by Python's own parser, walked over a list of allowed forms, never run.

Names are columns; a name that is no Python name stands in backticks. Everything works on whole columns. Knows nothing of cards.
"""

import ast
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ensemble import expression_functions
from ensemble.tables import require_column

if TYPE_CHECKING:
    import pandas

MAX_LENGTH = 2_000
MAX_DEPTH = 60
_BACKTICKS = re.compile(r"`([^`]*)`")
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: expression_functions.power,
}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def evaluate(text: str, table: "pandas.DataFrame") -> "pandas.Series":
    """The column that the expression describes, with the index of the table. Raises ValueError with a sentence for anything wrong."""
    import pandas

    if not text.strip():
        raise ValueError("the expression is empty; write one such as price * amount")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the expression has {len(text):,} characters; {MAX_LENGTH:,} is the most")
    names = list(dict.fromkeys(_BACKTICKS.findall(text)))
    quoted = {f"_column_{number}_": name for number, name in enumerate(names)}
    source = _BACKTICKS.sub(lambda found: f"_column_{names.index(found[1])}_", text.strip())
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"the expression {text!r} cannot be read: {getattr(error, 'msg', None) or error}") from None
    try:
        value = _Walk(table, quoted).value(tree, 0)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the expression does not fit what the columns hold: {error}") from error
    except (ZeroDivisionError, OverflowError) as error:
        raise ValueError(f"the expression cannot be computed: {error}") from error
    return value if isinstance(value, pandas.Series) else pandas.Series([value] * len(table), index=table.index)


class _Walk:
    """Computes one tree over one table."""

    def __init__(self, table: "pandas.DataFrame", quoted: dict[str, str]) -> None:
        self._table = table
        self._quoted = quoted

    def value(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError(f"the expression is nested more than {MAX_DEPTH} levels deep; derive it in two steps")
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as constant):
                return float(constant) if isinstance(constant, int) and abs(constant) > 2**53 else constant
            case ast.Name(id=name):
                return self._column(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                a, b = self.value(left, depth + 1), self.value(right, depth + 1)
                if not isinstance(op, ast.Add) and (_is_text(a) or _is_text(b)):
                    raise ValueError("texts can be added and compared, nothing else; use number(column) to read numbers from texts")
                return _ARITHMETIC[type(op)](a, b)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not() as op, operand=operand):
                inner = self.value(operand, depth + 1)
                if isinstance(op, ast.Not):
                    return expression_functions.negate(inner)
                return -inner if isinstance(op, ast.USub) else +inner
            case ast.BoolOp(op=op, values=values):
                parts = [expression_functions.as_truth(self.value(part, depth + 1)) for part in values]
                result = parts[0]
                for part in parts[1:]:
                    result = result & part if isinstance(op, ast.And) else result | part
                return result
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return _COMPARISONS[type(op)](self.value(left, depth + 1), self.value(right, depth + 1))
            case ast.Compare(ops=[_, _, *_]):
                raise ValueError("comparisons cannot be chained; write 0 < x and x < 9")
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return expression_functions.choose(
                    self.value(test, depth + 1), self.value(body, depth + 1), self.value(orelse, depth + 1), self._table
                )
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name, [self.value(argument, depth + 1) for argument in arguments])
        shown = ast.unparse(node)[:80]
        raise ValueError(f"{shown!r} cannot be used in an expression; there are columns, numbers, texts, operators and functions")

    def _column(self, name: str) -> "pandas.Series":
        column = self._quoted.get(name, name)
        if column in expression_functions.FUNCTIONS and column not in self._table.columns:
            raise ValueError(f"{column} is a function; write {column}(…)")
        require_column(self._table, column, "column")
        return self._table[column]

    def _call(self, name: str, arguments: list[Any]) -> Any:
        functions = expression_functions.FUNCTIONS
        if name not in functions:
            near = get_close_matches(name, functions, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(functions)}"
            raise ValueError(f"function {name!r} not found; {hint}")
        count, function = functions[name]
        if len(arguments) not in count:
            raise ValueError(f"{name} takes {' or '.join(map(str, count))} values, not {len(arguments)}")
        return function(self._table, *arguments)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or getattr(getattr(value, "dtype", None), "kind", "") == "O"
