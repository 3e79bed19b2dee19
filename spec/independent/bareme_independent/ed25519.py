"""Verification of Ed25519 signatures, plainly from RFC 8032 (sections 5.1 and 5.1.7)."""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493  # the order of the base point
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]  # affine coordinates

NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """The sum of two points (section 5.1.4, in affine coordinates; complete on this curve)."""
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def multiply(n: int, point: Point) -> Point:
    """A multiple of a point, by doubling."""
    result = NEUTRAL
    while n > 0:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def decode(data: bytes) -> Point | None:
    """A point from its 32 bytes (section 5.1.3); None if it is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    square = u * pow(v, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign == 1):
        return None
    return (P - x if x % 2 != sign else x), y


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature is one of the message by the key.

    Keys of small order and an S that is not reduced are refused (publication.md, The envelope).
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode(public_key), decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or multiply(8, a) == NEUTRAL:
        return False
    base = decode(bytes([0x58]) + bytes([0x66]) * 31)  # y = 4/5, x even
    assert base is not None
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % L
    return multiply(s, base) == add(r, multiply(k, a))
