"""Checks cases of exact arithmetic, line by line, by other means than the Rust code.

Reads on standard input what `cases.rs` writes, and computes every case again: with MPFR (directed rounding
on both sides, more digits until both agree), with `fractions.Fraction`, or with Python's own float and
repr. Exits with 1 and shows the first mismatches if there are any.

`--self-test` corrupts one line in the middle of the input, and succeeds only if that line, and no
other, is found.
"""

import argparse
import re
import struct
import sys
from collections import Counter
from fractions import Fraction
from math import gcd, isqrt

import gmpy2
from gmpy2 import mpfr, mpq

SHOWN = 10
MAX = Fraction(sys.float_info.max)

CONTEXTS = {}


def contexts(precision):
    """A context that rounds down and one that rounds up, with the widest exponents."""
    if precision not in CONTEXTS:
        CONTEXTS[precision] = tuple(
            gmpy2.context(precision=precision, round=rounding, emin=gmpy2.get_emin_min(), emax=gmpy2.get_emax_max())
            for rounding in (gmpy2.RoundDown, gmpy2.RoundUp)
        )
    return CONTEXTS[precision]


def number(text):
    """A binary64 from its bits."""
    return struct.unpack(">d", bytes.fromhex(text))[0]


def bits(x):
    return struct.pack(">d", x).hex()


def nearest(x):
    """A fraction rounded to binary64. Python's division of integers is correctly rounded."""
    try:
        return x.numerator / x.denominator
    except OverflowError:
        return float("inf") if x > 0 else float("-inf")


def between(low, high):
    """The binary64 to which a whole interval rounds, or None."""
    low, high = float(low), float(high)
    return low + 0.0 if low == high else None


def by_ladder(interval, exact=None):
    """More and more digits, until both ends round alike; then an exact test, if there is one."""
    precision = 160
    while True:
        low, high = interval(precision)
        result = between(low, high)
        if result is not None:
            return result
        if exact is not None and precision > 1000:
            result = exact(float(low), float(high))
            if result is not None:
                return result
        precision *= 2
        assert precision < 100_000, "undecided"


def enclose(x, precision):
    down, up = contexts(precision)
    return down.div(x.numerator, x.denominator), up.div(x.numerator, x.denominator)


def midpoint_or_none(low, high, is_value):
    """The even one of two neighbours if the value is exactly between them."""
    largest = sys.float_info.max
    middle = (Fraction(low) + Fraction(high if high <= largest else 2.0**1023) * (1 if high <= largest else 2)) / 2
    if not is_value(middle):
        return None
    return low if struct.unpack(">Q", struct.pack(">d", low))[0] % 2 == 0 else high


def logarithm(x):
    """ln of a positive fraction."""
    if x == 1:
        return 0.0
    if mpq(1, 2) < x < 2:
        return logarithm1p(x - 1)

    def interval(precision):
        down, up = contexts(precision)
        low, high = enclose(x, precision)
        return down.log(low), up.log(high)

    return by_ladder(interval)


def logarithm1p(x):
    if x == 0:
        return 0.0
    if not mpq(-1, 2) < x < 2:
        return logarithm(x + 1)

    def interval(precision):
        down, up = contexts(precision)
        low, high = enclose(x, precision)
        return down.log1p(low), up.log1p(high)

    return by_ladder(interval)


def decimal_logarithm(x):
    if x == 1:
        return 0.0
    near = mpq(1, 2) < x < 2

    def interval(precision):
        down, up = contexts(precision)
        if not near:
            low, high = enclose(x, precision)
            return down.log10(low), up.log10(high)
        low, high = enclose(x - 1, precision)
        low, high = down.log1p(low), up.log1p(high)
        ten_low, ten_high = down.log(mpfr(10)), up.log(mpfr(10))
        return down.div(low, ten_high if low > 0 else ten_low), up.div(high, ten_low if high > 0 else ten_high)

    return by_ladder(interval)


def square_root(x):
    if x == 0:
        return 0.0

    def interval(precision):
        down, up = contexts(precision)
        low, high = enclose(x, precision)
        return down.sqrt(low), up.sqrt(high)

    def exact(low, high):
        return midpoint_or_none(low, high, lambda middle: middle * middle == Fraction(x.numerator, x.denominator))

    return by_ladder(interval, exact)


TRANSFORMS = {
    "ln": (logarithm, lambda x: x > 0),
    "ln1p": (logarithm1p, lambda x: x > -1),
    "log10": (decimal_logarithm, lambda x: x > 0),
    "sqrt": (square_root, lambda x: x >= 0),
}


def geometric_mean(terms):
    terms = [(x, w) for x, w in terms if w > 0]
    if not terms or any(x < 0 for x, w in terms):
        return None
    if any(x == 0 for x, w in terms):
        return 0.0
    divisor = gcd(*(w for x, w in terms))
    terms = [(x, w // divisor) for x, w in terms]
    total = sum(w for x, w in terms)

    def interval(precision):
        down, up = contexts(precision)
        sums = [mpfr(0), mpfr(0)]
        for x, w in terms:
            low, high = enclose(x, precision)
            sums[0] = down.add(sums[0], down.mul(down.log(low), w))
            sums[1] = up.add(sums[1], up.mul(up.log(high), w))
        return down.exp(down.div(sums[0], total)), up.exp(up.div(sums[1], total))

    def exact(low, high):
        # A value whose mean is written out must have small weights, or the powers do not fit.
        if len({x for x, w in terms}) == 1:
            only = Fraction(terms[0][0].numerator, terms[0][0].denominator)
            return midpoint_or_none(low, high, lambda middle: middle == only)
        if total > 10_000:
            return None

        def is_mean(middle):
            middle = mpq(middle.numerator, middle.denominator)
            product = mpq(1)
            for x, w in terms:
                product *= x**w
            return product == middle**total

        return midpoint_or_none(low, high, is_mean)

    return by_ladder(interval, exact)


def canonical(x):
    """RFC 8785 text from the digits of Python's repr, which are the shortest as well."""
    if x == 0:
        return "0", 0, 0
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?", repr(x))
    sign, whole, fraction, exponent = match.groups()
    fraction = fraction or ""
    digits = (whole + fraction).lstrip("0")
    exponent = int(exponent or 0) - len(fraction)
    stripped = digits.rstrip("0")
    exponent += len(digits) - len(stripped)
    digits = stripped
    point = exponent + len(digits)
    if 0 <= exponent and point <= 21:
        text = digits + "0" * exponent
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + "e" + ("+" if point > 0 else "-")
        text += str(abs(point - 1))
    return sign + text, int(sign + digits), exponent


def published(x, decimals, rule):
    """A fraction rounded to decimals, as text."""
    scaled = abs(x) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    if rule == "HalfUp":
        whole += twice >= 0
    elif rule == "HalfEven":
        whole += twice > 0 or (twice == 0 and whole % 2 == 1)
    digits = str(whole).zfill(decimals + 1)
    text = digits[: len(digits) - decimals] + ("." + digits[len(digits) - decimals :] if decimals else "")
    return ("-" if x < 0 and whole else "") + text


def square_root_of_fraction(x):
    """The nearest binary64 to the root of a Fraction, by integers alone."""
    if x == 0:
        return 0.0
    n, d = x.numerator, x.denominator
    # So that the root has more than 1,100 bits below the point and 64 in all.
    shift = max(0, 140 - n.bit_length() + d.bit_length()) + 2 * 1200
    shift += shift % 2
    square, rest = divmod(n << shift, d)
    root = isqrt(square)
    sticky = bool(rest) or root * root != square
    # One more bit tells whether anything was cut off.
    return nearest(Fraction(2 * root + sticky, 1 << (shift // 2 + 1)))


def check_decimal(x, text, mantissa, exponent, back, integer):
    value = number(x)
    wanted = canonical(value)
    is_integer = Fraction(repr(value)).denominator == 1
    return (text, int(mantissa), int(exponent), back, integer) == (*wanted, "true", str(is_integer).lower())


JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def check_parse(text, outcome):
    if not JSON_NUMBER.fullmatch(text):
        return outcome == "syntax"
    x = float(text) + 0.0
    digits, _, exponent = text.lower().partition("e")
    if len(exponent) > 5 and abs(int(exponent)) > 10_000:
        # Too long to write out, and beyond the range whatever the digits are, unless they are zeros.
        return outcome == ("range" if digits.strip("-0.") else bits(0.0))
    value = Fraction(text)
    if abs(x) > sys.float_info.max or (x == 0 and value != 0):
        return outcome == "range"
    if value == Fraction(repr(x)):
        return outcome == bits(x)
    return outcome == "nearest " + bits(x)


def check_rational(name, a, b, result):
    x, y = mpq(a), mpq(b)
    for text, value in ((a, x), (b, y)):
        if text != f"{value.numerator}/{value.denominator}":
            return False
    if name == "compare":
        return int(result) == (x > y) - (x < y)
    if name == "/" and y == 0:
        return result == "undefined"
    wanted = {
        "+": lambda: x + y,
        "-": lambda: x - y,
        "*": lambda: x * y,
        "/": lambda: x / y,
        "min": lambda: min(x, y),
        "max": lambda: max(x, y),
        "parse": lambda: x - y,
        "cube": lambda: x**3,
    }[name]()
    return result == f"{wanted.numerator}/{wanted.denominator}"


def check_expression(text, decimals, rule, exact, rounded, quick, shown, quick_shown, sign):
    stack = []
    # Division by zero gives zero in the exact form, and nothing at all in the filtered one.
    undefined = False
    for token in text.split(" "):
        if token == "a":
            stack.append(abs(stack.pop()))
        elif token in "+-*/mM":
            b, a = stack.pop(), stack.pop()
            if token == "/" and b == 0:
                undefined = True
                stack.append(Fraction(0))
            else:
                stack.append(
                    {
                        "+": lambda: a + b,
                        "-": lambda: a - b,
                        "*": lambda: a * b,
                        "/": lambda: a / b,
                        "m": lambda: min(a, b),
                        "M": lambda: max(a, b),
                    }[token]()
                )
        else:
            stack.append(Fraction(token))
    (value,) = stack
    wanted, text = bits(nearest(value) + 0.0), published(value, int(decimals), rule)
    return (
        exact == f"{value.numerator}/{value.denominator}"
        and rounded == wanted
        and shown == text
        and (undefined or quick in (wanted, "-"))
        and (undefined or quick_shown in (text, "-"))
        and (undefined or sign in ("-", str((value > 0) - (value < 0))))
    )


def check_round(x, exact, quick):
    wanted = bits(nearest(Fraction(x)) + 0.0)
    return exact == wanted and quick in (wanted, "-")


def check_publish(x, decimals, rule, text, quick, back):
    wanted = published(Fraction(x), int(decimals), rule)
    return text == wanted and quick in (wanted, "-") and back != "-" and Fraction(back) == Fraction(wanted)


def transform_checker(name):
    function, inside = TRANSFORMS[name]

    def check(x, exact, quick):
        value = mpq(x)
        wanted = "undefined"
        if inside(value):
            result = function(value)
            wanted = bits(result) if abs(result) <= sys.float_info.max else "undefined"
        return exact == wanted and quick in (wanted, "-")

    return check


def check_geometric(terms, exact, quick):
    parsed = [(mpq(x), int(w)) for x, w in (term.split(":") for term in terms.split(" "))]
    result = geometric_mean(parsed)
    wanted = "undefined" if result is None or result > sys.float_info.max else bits(result)
    return exact == wanted and quick in (wanted, "-")


def wanted_or_dash(x):
    return "-" if x is None or abs(x) > sys.float_info.max else bits(x + 0.0)


def check_mean(numbers, ddof, result):
    values = [Fraction(number(x)) for x in numbers.split()]
    wanted = nearest(sum(values) / len(values)) if values else None
    return result == wanted_or_dash(wanted)


def check_spread(numbers, ddof, result):
    values = [Fraction(number(x)) for x in numbers.split()]
    count, ddof = len(values), int(ddof)
    wanted = None
    if count > ddof:
        mean = sum(values) / count
        wanted = square_root_of_fraction(sum((x - mean) ** 2 for x in values) / (count - ddof))
    return result == wanted_or_dash(wanted)


def pairs(text):
    return [tuple(Fraction(number(x)) for x in pair.split(":")) for pair in text.split()]


def check_weighted_mean(numbers, result):
    values = pairs(numbers)
    total = sum(w for w, x in values)
    wanted = nearest(sum(w * x for w, x in values) / total) if total else None
    return result == wanted_or_dash(wanted)


def check_weighted_spread(numbers, result):
    values = pairs(numbers)
    total = sum(w for w, x in values)
    wanted = None
    if total:
        mean = sum(w * x for w, x in values) / total
        wanted = square_root_of_fraction(sum(w * (x - mean) ** 2 for w, x in values) / total)
    return result == wanted_or_dash(wanted)


CHECKS = {
    "decimal": check_decimal,
    "parse": check_parse,
    "rational": check_rational,
    "expression": check_expression,
    "round": check_round,
    "publish": check_publish,
    "geometric": check_geometric,
    "mean": check_mean,
    "spread": check_spread,
    "weighted_mean": check_weighted_mean,
    "weighted_spread": check_weighted_spread,
    **{name: transform_checker(name) for name in TRANSFORMS},
}

# Which result to corrupt, counted from the end of the line, so that it is one that is always there.
EXACT_RESULT = {"decimal": 5, "expression": 5, "round": 2, "publish": 3, "geometric": 2} | dict.fromkeys(TRANSFORMS, 2)


def corrupt(line):
    """The line with its exact result's last character changed."""
    fields = line.split("\t")
    at = len(fields) - EXACT_RESULT.get(fields[0], 1)
    last = fields[at][-1:]
    fields[at] = fields[at][:-1] + ("1" if last != "1" else "2")
    return "\t".join(fields)


def is_right(line):
    name, *fields = line.split("\t")
    return CHECKS[name](*fields)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--self-test", action="store_true", help="corrupt one line and expect to find it")
    arguments = parser.parse_args()
    source = (line.rstrip("\n") for line in sys.stdin)
    planted = None
    if arguments.self_test:
        lines = list(source)
        if not lines:
            sys.exit("nothing to corrupt: no line was read")
        planted = len(lines) // 2
        lines[planted] = corrupt(lines[planted])
        source = iter(lines)

    counts, undecided, wrong = Counter(), Counter(), []
    for at, line in enumerate(source):
        name = line.partition("\t")[0]
        counts[name] += 1
        undecided[name] += "-" in line.split("\t")
        try:
            right = is_right(line)
        except Exception as error:  # A line that cannot be read is a wrong line.
            right = False
            line += f"  ({type(error).__name__}: {error})"
        if not right:
            wrong.append(at)
            if len(wrong) <= SHOWN and at != planted:
                print("wrong:", line[:2000], file=sys.stderr)

    for name, count in counts.items():
        print(f"{name}: {count} cases, {undecided[name]} with an undecided or missing result")
    if arguments.self_test:
        if wrong != [planted]:
            sys.exit("self-test failed: the planted error was not found, or another was")
        print("self-test passed: the planted error was found")
    elif wrong:
        sys.exit(f"{len(wrong)} wrong of {sum(counts.values())}")
    elif not counts:
        sys.exit("no line was read")


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    main()
