"""spec/formula.md: formulas and predicates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from . import numbers

MAX_BYTES = 1_000
MAX_LEVEL = 32
WORDS = frozenset("min max abs previous and or".split())

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?")
_VARIABLE = re.compile(r"previous\.[a-z][a-z0-9_]*|[a-z][a-z0-9_]*")
_RELATION = re.compile(r"!=|<=|>=|=|<|>")
_SIGN = re.compile(r"[-+*/(),]")


class FormulaFault(Exception):  # noqa: N818
    """The first fault of a text, read from left to right."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


# --- Expressions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A number."""

    value: Fraction


@dataclass(frozen=True)
class Variable:
    """A variable, with `previous.` where it has that."""

    name: str


@dataclass(frozen=True)
class Operation:
    """`+ - * / min max abs`, or `neg` for the opposite."""

    sign: str
    sides: tuple[Expression, ...]


Expression = Number | Variable | Operation


@dataclass(frozen=True)
class Comparison:
    """Two formulas and the relation between them."""

    left: Expression
    relation: str
    right: Expression


Predicate = tuple[tuple[Comparison, ...], ...]


# --- Grammar --------------------------------------------------------------------------------------


class _Parser:
    """Reads a text token by token, from left to right."""

    def __init__(self, text: str) -> None:
        if len(text.encode("utf-8")) > MAX_BYTES:
            raise FormulaFault("limit_exceeded")
        self.text = text
        self.at = 0
        self.kind = ""
        self.token = ""
        self.next()

    def next(self) -> None:
        """Takes the next token, as long as it can be."""
        space = _SPACE.match(self.text, self.at)
        assert space is not None
        self.at = space.end()
        if self.at == len(self.text):
            self.kind, self.token = "end", ""
            return
        for kind, pattern in (
            ("number", _NUMBER),
            ("name", _VARIABLE),
            ("relation", _RELATION),
            ("sign", _SIGN),
        ):
            match = pattern.match(self.text, self.at)
            if match is not None:
                self.kind, self.token = kind, match.group()
                self.at = match.end()
                break
        else:
            raise FormulaFault("formula_syntax")

    def has(self, kind: str, *tokens: str) -> bool:
        """Whether the present token is one of these."""
        return self.kind == kind and self.token in tokens

    def expect(self, token: str) -> None:
        """Passes a sign that must stand here."""
        if not self.has("sign", token):
            raise FormulaFault("formula_syntax")
        self.next()

    def end(self) -> None:
        """The end of the text must be here."""
        if self.kind != "end":
            raise FormulaFault("formula_syntax")

    def formula(self, level: int) -> Expression:
        """formula = term { ( "+" | "-" ) term }."""
        left = self.term(level)
        while self.has("sign", "+", "-"):
            sign = self.token
            self.next()
            left = Operation(sign, (left, self.term(level)))
        return left

    def term(self, level: int) -> Expression:
        """term = factor { ( "*" | "/" ) factor }."""
        left = self.factor(level)
        while self.has("sign", "*", "/"):
            sign = self.token
            self.next()
            left = Operation(sign, (left, self.factor(level)))
        return left

    def factor(self, level: int) -> Expression:
        """factor = "-" factor | number | function | variable | "(" formula ")"."""
        if self.has("sign", "-"):
            self.enter(level)
            self.next()
            return Operation("neg", (self.factor(level + 1),))
        if self.has("sign", "("):
            self.enter(level)
            self.next()
            inside = self.formula(level + 1)
            self.expect(")")
            return inside
        if self.kind == "number":  # read only where a number may stand
            value = numbers.read_decimal(self.token)
            if value == "not_a_number":
                raise FormulaFault("formula_syntax")
            if isinstance(value, str):
                raise FormulaFault(value)
            self.next()
            return Number(value)
        if self.has("name", "min", "max", "abs"):
            return self.function(level)
        if self.kind == "name" and self.token not in WORDS:
            name = self.token
            self.next()
            return Variable(name)
        raise FormulaFault("formula_syntax")

    def function(self, level: int) -> Expression:
        """min and max of two or more, abs of one."""
        name = self.token
        self.next()
        if not self.has("sign", "("):
            raise FormulaFault("formula_syntax")
        self.enter(level)
        self.next()
        result = self.formula(level + 1)
        if name == "abs":
            self.expect(")")
            return Operation("abs", (result,))
        if not self.has("sign", ","):
            raise FormulaFault("formula_syntax")
        while self.has("sign", ","):
            self.next()
            result = Operation(name, (result, self.formula(level + 1)))
        self.expect(")")
        return result

    def enter(self, level: int) -> None:
        """Enters the level after this one, before anything of it is read (Limits)."""
        if level + 1 > MAX_LEVEL:
            raise FormulaFault("limit_exceeded")

    def predicate(self) -> Predicate:
        """predicate = clause { "or" clause }, clause = comparison { "and" comparison }."""
        clauses = [self.clause()]
        while self.has("name", "or"):
            self.next()
            clauses.append(self.clause())
        return tuple(clauses)

    def clause(self) -> tuple[Comparison, ...]:
        """clause = comparison { "and" comparison }."""
        comparisons = [self.comparison()]
        while self.has("name", "and"):
            self.next()
            comparisons.append(self.comparison())
        return tuple(comparisons)

    def comparison(self) -> Comparison:
        """comparison = formula relation formula."""
        left = self.formula(0)
        if self.kind != "relation":
            raise FormulaFault("formula_syntax")
        relation = self.token
        self.next()
        return Comparison(left, relation, self.formula(0))


def read_formula(text: str) -> Expression:
    """Reads a formula, or raises its fault."""
    parser = _Parser(text)
    expression = parser.formula(0)
    parser.end()
    return expression


def read_predicate(text: str) -> Predicate:
    """Reads a predicate, or raises its fault."""
    parser = _Parser(text)
    predicate = parser.predicate()
    parser.end()
    return predicate


# --- Variables ------------------------------------------------------------------------------------


def variables(expression: Expression) -> Iterator[str]:
    """The variables that stand in an expression, as written, each as often as it stands."""
    todo = [expression]
    while todo:
        part = todo.pop()
        if isinstance(part, Variable):
            yield part.name
        elif isinstance(part, Operation):
            todo.extend(part.sides)


def predicate_variables(predicate: Predicate) -> Iterator[str]:
    """The variables that stand in a predicate."""
    for clause in predicate:
        for comparison in clause:
            yield from variables(comparison.left)
            yield from variables(comparison.right)


# --- Value ----------------------------------------------------------------------------------------

Environment = Callable[[str], Fraction | None]


def value(expression: Expression, environment: Environment) -> Fraction | str:
    """The exact value, or `unknown` or `undefined` (Value of a formula).

    That a territory is absent is for the caller to see: it knows the account.
    """
    result = _side(expression, environment)
    if isinstance(result, Fraction) and numbers.overflows(result):
        return "undefined"
    return result


def _side(expression: Expression, environment: Environment) -> Fraction | str:
    """The value of an expression that is not held against binary64's range."""
    if any(environment(name) is None for name in variables(expression)):
        return "unknown"
    try:
        return _exact(expression, environment)
    except ZeroDivisionError:
        return "undefined"


def _exact(expression: Expression, environment: Environment) -> Fraction:
    """The rational number; a divisor equal to 0, wherever it stands, is a ZeroDivisionError."""
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Variable):
        known = environment(expression.name)
        assert known is not None
        return known
    left = _exact(expression.sides[0], environment)
    match expression.sign:
        case "neg":
            return -left
        case "abs":
            return abs(left)
    right = _exact(expression.sides[1], environment)
    match expression.sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case "min":
            return min(left, right)
        case _:
            return max(left, right)


def holds(predicate: Predicate, environment: Environment) -> bool | str:
    """True, false, `unknown` or `undefined` (Value of a predicate)."""
    states: set[str] = set()
    clauses = []
    for clause in predicate:
        answers = []
        for comparison in clause:
            left = _side(comparison.left, environment)
            right = _side(comparison.right, environment)
            if isinstance(left, Fraction) and isinstance(right, Fraction):
                answers.append(_compare(left, comparison.relation, right))
            else:
                states.update(side for side in (left, right) if isinstance(side, str))
        clauses.append(all(answers))
    for state in ("unknown", "undefined"):
        if state in states:
            return state
    return any(clauses)


def _compare(left: Fraction, relation: str, right: Fraction) -> bool:
    """Compares exact values."""
    match relation:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


# --- Can it be negative? --------------------------------------------------------------------------


def can_be_negative(expression: Expression, kinds: Mapping[str, str]) -> bool:
    """As far as the text alone shows; `kinds` are those of metrics and attributes."""
    if isinstance(expression, Number):
        return False
    if isinstance(expression, Variable):
        name = expression.name
        if name in ("population", "days"):
            return False
        return kinds.get(name.removeprefix("previous.")) != "count"
    if expression.sign == "abs":
        return False
    if expression.sign in ("neg", "-"):
        return True
    left = can_be_negative(expression.sides[0], kinds)
    right = can_be_negative(expression.sides[1], kinds)
    return left and right if expression.sign == "max" else left or right
