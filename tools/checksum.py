"""FNV-1a of 64 bits, as tests/support/checksum.h has it: small enough to be written twice."""


def fnv1a64(content: bytes) -> str:
    """16 hexadecimal digits."""
    value = 0xCBF29CE484222325
    for byte in content:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"
