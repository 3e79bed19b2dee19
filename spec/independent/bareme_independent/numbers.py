"""spec/numbers.md: what a number means, what is exact, what is rounded and how.

Exact values are `fractions.Fraction`. A binary64 is a Python float, used as a container only:
no arithmetic is ever done with one.
"""

from __future__ import annotations

import decimal
import math
import re
import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, isqrt

NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
EXACT = re.compile(r"(0|-?[1-9][0-9]*)/([1-9][0-9]*)")
MAX_NUMBER_BYTES = 1_100
MAX_EXACT_BYTES = 50_000
MAX_COUNT = 2**53 - 1
TOO_LARGE = Fraction(2**1024 - 2**970)


# --- Definitions: rnd, D, bin ---------------------------------------------------------------------


def rnd(v: Fraction) -> float:
    """The binary64 nearest to `v`, ties to even; an infinity beyond the range; never -0.

    numbers.md, Definitions. Written out in integers: the magnitude is cut into units of its last
    place, the unit being 2^-1074 or larger, and the remainder decides.
    """
    if v == 0:
        return 0.0
    if abs(v) >= TOO_LARGE:
        return math.inf if v > 0 else -math.inf
    n, d = abs(v.numerator), v.denominator
    # The exponent e of the unit: 2^52 <= |v| / 2^e < 2^53, but not below -1074.
    e = max(n.bit_length() - d.bit_length() - 53, -1074)
    while n * 2 ** max(-e, 0) >= d * 2 ** max(e, 0) * 2**53:
        e += 1
    n, d = n * 2 ** max(-e, 0), d * 2 ** max(e, 0)
    units, rest = divmod(n, d)
    if 2 * rest > d or (2 * rest == d and units % 2 == 1):
        units += 1
    x = math.ldexp(units, e)  # exact: at most 53 bits, and within the range
    return -x if v < 0 and x != 0 else x


def shortest(x: float) -> Fraction:
    """`D(x)`, the shortest decimal of a finite binary64 (The text of a decimal).

    Python's `repr` is that decimal, as the page says.
    """
    return Fraction(repr(x))


def binary(x: float) -> Fraction:
    """`bin(x)`, the exact binary value."""
    return Fraction(x)


def decimal_of(v: Fraction) -> Fraction | None:
    """`D(rnd(v))`: a value rounded to binary64 and carried as its shortest decimal.

    None when it overflows (Overflow).
    """
    x = rnd(v)
    return None if math.isinf(x) else shortest(x)


def overflows(v: Fraction) -> bool:
    """A value of which `rnd` is an infinity (Overflow)."""
    return abs(v) >= TOO_LARGE


def bits(x: float) -> str:
    """The 64 bits as 16 lower-case hexadecimal digits, the sign first."""
    return struct.pack(">d", x).hex()


# --- Reading a decimal ----------------------------------------------------------------------------


def read_decimal(text: str) -> Fraction | str:
    """The value that a text says, or the code of its fault (Reading a decimal).

    `not_a_number` when it does not follow the grammar or is too long; what becomes of that is for
    the caller to say.
    """
    match = NUMBER.fullmatch(text)
    if match is None or len(text) > MAX_NUMBER_BYTES:
        return "not_a_number"
    sign, whole, decimals, exponent = match.groups(default="")
    digits = (whole + decimals).lstrip("0")
    if not digits:
        return Fraction(0)
    power = int(exponent or "0") - len(decimals)
    magnitude = len(digits) + power  # 10^(magnitude-1) <= |v| < 10^magnitude
    if magnitude > 310 or magnitude < -330:
        return "number_not_representable"  # beyond the range, without writing such a power
    v = Fraction(int(digits)) * Fraction(10) ** power
    if sign:
        v = -v
    x = rnd(v)
    if math.isinf(x) or x == 0 or shortest(x) != v:
        return "number_not_representable"
    return v


def is_whole(v: Fraction) -> bool:
    """Whether a number is whole."""
    return v.denominator == 1


def count_fault(v: Fraction) -> str | None:
    """The code of what keeps a number from being a count, the first that applies."""
    if v < 0:
        return "negative_value"
    if v > MAX_COUNT:
        return "out_of_range"
    return None if is_whole(v) else "fractional_count"


# --- Texts ----------------------------------------------------------------------------------------


def text_of(x: float) -> str:
    """The text of RFC 8785 of a binary64 (The text of a decimal, the table)."""
    v = shortest(x)
    if v == 0:
        return "0"
    sign, digit_tuple, exponent = decimal.Decimal(repr(x)).as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, digit_tuple))
    stripped = digits.rstrip("0")
    exponent += len(digits) - len(stripped)
    k, n = len(stripped), len(stripped) + exponent
    if k <= n <= 21:
        text = stripped + "0" * (n - k)
    elif 0 < n <= 21:
        text = stripped[:n] + "." + stripped[n:]
    elif -6 < n <= 0:
        text = "0." + "0" * -n + stripped
    else:
        point = "." + stripped[1:] if k > 1 else ""
        text = f"{stripped[0]}{point}e{'+' if n - 1 >= 0 else '-'}{abs(n - 1)}"
    return "-" + text if sign else text


def exact_text(v: Fraction) -> str:
    """The text `n/d` (Exact values)."""
    return f"{int_text(v.numerator)}/{int_text(v.denominator)}"


def int_text(n: int) -> str:
    """An integer in plain decimal digits, however many.

    `str` refuses more than 4,300 digits; `decimal` does not, and is exact.
    """
    if n.bit_length() < 10_000:
        return str(n)
    sign = "-" if n < 0 else ""
    return sign + str(decimal.Decimal(abs(n)).__format__("f"))


def read_exact(text: str) -> Fraction | None:
    """Reads a text `n/d`; None for any other text, which is `not_a_number`."""
    match = EXACT.fullmatch(text)
    if match is None or len(text) > MAX_EXACT_BYTES:
        return None
    n, d = (int_of(part) for part in match.groups())
    return Fraction(n, d) if gcd(n, d) == 1 else None


def int_of(text: str) -> int:
    """An integer from decimal digits, however many."""
    if len(text) < 4_000:
        return int(text)
    return int(decimal.Decimal(text))


def published(v: Fraction, decimals: int, rounding: str) -> int:
    """The integer `u` of a published score (Score and published score)."""
    t = abs(v) * 10**decimals
    whole = t.numerator // t.denominator
    rest = t - whole
    half = Fraction(1, 2)
    match rounding:
        case "half_up":
            up = rest >= half
        case "half_even":
            up = rest > half or (rest == half and whole % 2 == 1)
        case _:  # down
            up = False
    u = whole + 1 if up else whole
    return -u if v < 0 else u


def published_text(u: int, decimals: int) -> str:
    """The text of `u / 10^decimals` (Score and published score)."""
    digits = int_text(abs(u)).rjust(decimals + 1, "0")
    sign = "-" if u < 0 else ""
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


# --- What is rounded ------------------------------------------------------------------------------
#
# Each function gives the binary64, or None where the value has no domain. The result may be an
# infinity: what becomes of it is for the caller to say (Overflow).


def sqrt(v: Fraction) -> float | None:
    """rnd(sqrt v), for v >= 0.

    With k such that v * 4^k has at least 128 bits, s = floor(sqrt(v * 4^k)) has at least 64, so
    every boundary between two binary64s is a multiple of the unit 2^-k. When s is not the exact
    root, the root lies strictly between s and s + 1, and rounds as s + 1/2 does.
    """
    if v < 0:
        return None
    if v == 0:
        return 0.0
    n, d = v.numerator, v.denominator
    k = max(0, (130 - (n.bit_length() - d.bit_length())) // 2 + 1)
    scaled = Fraction(n * 4**k, d)
    s = isqrt(scaled.numerator // scaled.denominator)
    root = Fraction(s) if s * s == scaled else Fraction(2 * s + 1, 2)
    return rnd(root / 2**k)


def ln(v: Fraction) -> float | None:
    """rnd(ln v), for v > 0."""
    if v <= 0:
        return None
    if v == 1:
        return 0.0
    return _logarithm(v, decimal.Context.ln)


def ln1p(v: Fraction) -> float | None:
    """rnd(ln(1 + v)), for v > -1; 1 + v is exact."""
    return ln(1 + v)


def log10(v: Fraction) -> float | None:
    """rnd(log10 v), for v > 0; exact for powers of ten."""
    if v <= 0:
        return None
    j = _power_of_ten(v)
    if j is not None:
        return rnd(Fraction(j))
    return _logarithm(v, decimal.Context.log10)


def _power_of_ten(v: Fraction) -> int | None:
    """The j of 10^j = v, if there is one."""
    n, sign = (v.numerator, 1) if v.denominator == 1 else (v.denominator, -1)
    if sign < 0 and v.numerator != 1:
        return None
    j = 0
    while n % 10 == 0:
        n, j = n // 10, j + 1
    return sign * j if n == 1 else None


def _context(precision: int) -> decimal.Context:
    """Decimal arithmetic of that many digits, correctly rounded, with the widest exponents."""
    return decimal.Context(
        prec=precision,
        rounding=decimal.ROUND_HALF_EVEN,
        Emax=decimal.MAX_EMAX,
        Emin=decimal.MIN_EMIN,
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
    )


def _logarithm(v: Fraction, function: object) -> float:
    """A logarithm that is irrational, correctly rounded.

    `decimal` rounds quotient and logarithm correctly. With p digits the quotient is v (1 + a),
    |a| <= 10^(1-p), which moves either logarithm by less than 2 * 10^(1-p); the logarithm's own
    rounding moves it by at most 10^(1-p) of its size. When both ends of that interval round to one
    binary64, that is the result. The true value is irrational, so it lies on no boundary between
    two binary64s, and some precision separates it from the boundaries: the loop ends.
    """
    precision = 40
    while True:
        context = _context(precision)
        quotient = context.divide(decimal.Decimal(v.numerator), decimal.Decimal(v.denominator))
        result = Fraction(function(context, quotient))  # type: ignore[operator]
        error = (2 + abs(result)) * Fraction(1, 10 ** (precision - 1))
        low, high = rnd(result - error), rnd(result + error)
        if low == high:
            return low
        precision *= 2


def geometric_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> float | None:
    """rnd((prod v^w)^(1 / sum w)): terms of weight 0 are ignored; 0 if some value is 0.

    None outside its domain: a negative value, or no weight left.
    """
    terms = [(v, w) for v, w in zip(values, weights, strict=True) if w != 0]
    if not terms or any(v < 0 for v, _ in terms):
        return None
    if any(v == 0 for v, _ in terms):
        return 0.0
    total = sum((w for _, w in terms), Fraction(0))
    scale = math.lcm(*(w.denominator for _, w in terms))
    powers = [(v, int(w * scale)) for v, w in terms]
    whole = int(total * scale)
    common = math.gcd(*(w for _, w in powers))
    powers = [(v, w // common) for v, w in powers]
    whole //= common
    return _root_of_product(powers, whole)


def _root_of_product(powers: list[tuple[Fraction, int]], whole: int) -> float:
    """(prod v^w)^(1/whole), correctly rounded; all v, w, whole above 0.

    The value is exp(sum w ln v / whole), computed with ever more digits. When both ends of the
    error's interval round to one binary64, that is the result. When they round to two neighbours,
    the boundary between them is compared exactly: if the value is the boundary, rnd of it is the
    result; if not, they differ by something, and some precision tells them apart. So it ends.
    """
    precision = 40
    while True:
        low, high = _root_interval(powers, whole, precision)
        x, y = rnd(low), rnd(high)
        if x == y:
            return x
        middle = _boundary(x)
        if low <= middle <= high and _is_root(powers, whole, middle):
            return rnd(middle)
        precision *= 2


def _root_interval(
    powers: list[tuple[Fraction, int]], whole: int, precision: int
) -> tuple[Fraction, Fraction]:
    """An interval that holds the root, of width going to 0 with the precision.

    Error of the exponent: each ln v is within 10^(1-p) (2 + |ln v|), as for logarithms, and is
    then summed exactly; the quotient by `whole` is exact, being a fraction. The exponential of a
    decimal within 10^(1-p) (1 + |exponent|) of it is taken, correctly rounded.
    """
    context = _context(precision)
    unit = Fraction(1, 10 ** (precision - 1))
    exponent, error = Fraction(0), Fraction(0)
    for v, w in powers:
        quotient = context.divide(decimal.Decimal(v.numerator), decimal.Decimal(v.denominator))
        term = Fraction(context.ln(quotient))
        exponent += w * term
        error += w * (2 + abs(term)) * unit
    exponent, error = exponent / whole, error / whole
    rounded = context.divide(
        decimal.Decimal(exponent.numerator), decimal.Decimal(exponent.denominator)
    )
    error += (1 + abs(exponent)) * unit
    result = Fraction(context.exp(rounded))
    # |e^a - 1| <= 2 |a| for |a| <= 1; and once more for the rounding of exp itself.
    if error > Fraction(1, 4):
        return Fraction(0), result * 1000
    return result * (1 - 3 * error - 2 * unit), result * (1 + 3 * error + 2 * unit)


def _boundary(x: float) -> Fraction:
    """The middle between a binary64 (0 or more) and the next larger one.

    Above the largest, the next one counts as 2^1024, which gives 2^1024 - 2^970.
    """
    y = math.nextafter(x, math.inf)
    after = Fraction(2**1024) if math.isinf(y) else Fraction(y)
    return (Fraction(x) + after) / 2


def _is_root(powers: list[tuple[Fraction, int]], whole: int, candidate: Fraction) -> bool:
    """Whether prod v^w = candidate^whole, exactly, without computing the powers.

    Numerators and denominators are split into pairwise coprime bases by greatest common divisors;
    a product of powers of pairwise coprime integers above 1 is 1 only if every exponent is 0.
    Splitting ends, because each step divides the product of all bases.
    """
    if candidate <= 0:
        return False
    todo: list[tuple[int, int]] = []
    for v, w in [*powers, (candidate, -whole)]:
        todo += [(v.numerator, w), (v.denominator, -w)]
    bases: dict[int, int] = {}
    while todo:
        n, exponent = todo.pop()
        if n == 1 or exponent == 0:
            continue
        for base in bases:
            common = gcd(n, base)
            if common > 1:
                other = bases.pop(base)
                todo += [
                    (common, exponent + other),
                    (n // common, exponent),
                    (base // common, other),
                ]
                break
        else:
            bases[n] = exponent
    return not any(bases.values())


def mean(values: Iterable[Fraction]) -> float | None:
    """rnd(sum bin(rnd(v)) / n), for n >= 1."""
    rounded = [rnd(v) for v in values]
    return weighted_mean_of(rounded, [Fraction(1)] * len(rounded))


def weighted_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> float | None:
    """rnd(sum bin(w) bin(rnd(v)) / sum bin(w)), for sum w > 0."""
    return weighted_mean_of([rnd(v) for v in values], [binary(rnd(w)) for w in weights])


def weighted_mean_of(rounded: Sequence[float], weights: Sequence[Fraction]) -> float | None:
    """The mean of binary64s at their binary values, by exact weights.

    A member beyond binary64's range makes the whole so.
    """
    if any(math.isinf(x) for x in rounded):
        return math.inf
    exact = _exact_mean([binary(x) for x in rounded], weights)
    return None if exact is None else rnd(exact)


def spread(values: Iterable[Fraction], ddof: int) -> float | None:
    """rnd(sqrt(sum (bin(rnd(v)) - mu)^2 / (n - ddof))), mu not rounded, for n > ddof."""
    rounded = [rnd(v) for v in values]
    n = len(rounded)
    if any(math.isinf(x) for x in rounded):
        return math.inf
    members = [binary(x) for x in rounded]
    mu = _exact_mean(members, [Fraction(1)] * n)
    if mu is None or n <= ddof:
        return None
    return sqrt(sum(((x - mu) ** 2 for x in members), Fraction(0)) / (n - ddof))


def weighted_spread(values: Sequence[Fraction], weights: Sequence[Fraction]) -> float | None:
    """rnd(sqrt(sum bin(w) (bin(rnd(v)) - mu)^2 / sum bin(w))), for sum w > 0."""
    rounded = [rnd(v) for v in values]
    if any(math.isinf(x) for x in rounded):
        return math.inf
    members = [binary(x) for x in rounded]
    exact = [binary(rnd(w)) for w in weights]
    mu = _exact_mean(members, exact)
    if mu is None:
        return None
    squares = [(x - mu) ** 2 for x in members]
    variance = _exact_mean(squares, exact)
    assert variance is not None
    return sqrt(variance)


def _exact_mean(members: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction | None:
    """The weighted mean, exactly; None when nothing weighs."""
    total = sum(weights, Fraction(0))
    if total <= 0:
        return None
    return sum((w * x for x, w in zip(members, weights, strict=True)), Fraction(0)) / total
