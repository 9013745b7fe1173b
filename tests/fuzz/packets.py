"""What a terminal may send: keys, text, pastes, mouse reports, answers, and bytes that are none of these.

Bytes are kept as text of one character a byte (Latin-1), so that a sequence can be written as JSON.
"""

from __future__ import annotations

from random import Random

ESC = "\x1b"
PASTE, PASTE_END = f"{ESC}[200~", f"{ESC}[201~"
ARROWS = [f"{ESC}[{letter}" for letter in "ABCD"]
NAMED = [
    "\r", "\r", ESC, ESC, "\t", f"{ESC}[Z", " ", "\x7f", "\x10", *ARROWS, *ARROWS, f"{ESC}[H", f"{ESC}[F",
    f"{ESC}[5~", f"{ESC}[6~", f"{ESC}[3~", f"{ESC}[2~", f"{ESC}OP", f"{ESC}[15~", f"{ESC}[1;5C",
]  # fmt: skip
ACTIONS = [*"ssrxwwddffuuttccllooiiDHLPMROS05.-//??gGjkl  \r\tzzyy++-0=", "\x0c"]
TYPED = list("0123456789.-+e_:/~,abcxyzQ%#\"'\\ é漢🙂")
VALUES = [
    "0", "-1", "1e-3", "0.5", "1e309", "nan", "inf", "-inf", "1e400", "7", "9" * 20, "sgd", "adam",
    "1_000", "٣", "0x10", "1,5", "", "none", "standard", "cpu", "cuda", "a,b", "é", "漢字", "9" * 60,
]  # fmt: skip
NAMES = [
    "moons", "wine", "breast", "digits", "example", "iris", "moons:n=5", "moons:", "openml:", "zzz", "./",
    "good.csv", "./good.csv", "./bad.csv", "./empty.csv", "./classes.csv", "./hostile.csv", "./latin.csv",
    "./folder/", "../", "/", "~/", "/dev/null", "./none.csv", "./wide.csv",
]  # fmt: skip
COMMANDS = [
    "theme",
    "screenshot",
    "sweep",
    "doctor",
    "start",
    "open",
    "max",
    "step",
    "undo",
    "",
    "zzz",
    "reset",
]
ANY = [byte for byte in range(256) if byte not in b"<>\x03"]  # the first two tell a leak, the last leaves


def packet(random: Random) -> list[str]:
    """The pieces that arrive in one read."""
    several = random.random() < 0.5
    return [piece(random) for _ in range(random.randint(2, 10) if several else 1)]


def piece(random: Random) -> str:
    """A key, a word with Enter, a paste, a mouse report, an answer of the terminal, or noise."""
    kinds, weights = zip(*KINDS, strict=True)
    return random.choices(kinds, weights)[0](random)


def key(random: Random) -> str:
    """Any key of the keyboard; those that do something more often than the others."""
    chance = random.random()
    if chance < 0.45:
        return random.choice(ACTIONS)
    if chance < 0.8:
        return random.choice(NAMED)
    if chance < 0.95:
        return _bytes(random.choice(TYPED))
    if chance < 0.97:
        return chr(random.randint(1, 31))
    return ESC + random.choice("abcdefghijklmnopqrstuvwxyz\r\t\x7f")


def again(random: Random) -> str:
    """The same key twice or more, in one packet: the second may meet what the first has closed."""
    return random.choice([*NAMED, *ACTIONS]) * random.randint(2, 4)


def leaving(random: Random) -> str:
    """Ctrl+C, q, or Ctrl+Z."""
    return random.choice(["\x03", "q", "q", "\x1a"])


def way(random: Random) -> str:
    """To a screen, and something done there at once."""
    chance = random.random()
    if chance < 0.3:
        return "o" + _bytes(random.choice(NAMES)) + random.choice(["\r", "\r", "\r\r", "\t", "\x7f", ESC])
    if chance < 0.5:
        return "\x10" + random.choice(COMMANDS) + random.choice(["\r", "\r\r", "", ESC])
    if chance < 0.8:
        down = "j" * random.randint(0, 14)
        return "H" + down + "\r" + _bytes(random.choice(VALUES)) + random.choice(["\r", "\r\r", "\r ", ESC])
    return random.choice(
        [
            "dd",
            "wd",
            "i\r",
            "df",
            "ff",
            "? ",
            "Rj\r",
            "R\r\r",
            "w\t\r",
            "ww\r",
            "q",
            "i\tj\r",
            "H05\r",
            "R/mo\r",
            "H/ep\r",
            "i/a\r",
            "x ",
            "wl",
        ]
    )


def text(random: Random) -> str:
    """Typed text, not a paste."""
    return _bytes(random.choice([*VALUES[:-1], *NAMES]))


def mouse(random: Random) -> str:
    """A report of the mouse: press, release, wheel, movement; SGR, urxvt or X10; anywhere."""
    code = random.choice([0, 0, 0, 1, 2, 3, 32, 35, 64, 65, 66, 67, random.randint(0, 255), 10**9])
    x, y = _place(random, 260), _place(random, 75)
    chance = random.random()
    if chance < 0.35:  # a click, sometimes two
        return f"{ESC}[<0;{x};{y}M{ESC}[<0;{x};{y}m" * random.choice([1, 1, 2, 3])
    if chance < 0.85:
        return f"{ESC}[<{code};{x};{y}{random.choice('Mm')}"
    if chance < 0.92:
        return f"{ESC}[{code + 32};{x};{y}M"
    return f"{ESC}[M" + "".join(chr(random.randint(32, 255)) for _ in range(3))


def _place(random: Random, most: int) -> int:
    far = random.choice([0, -1, -(10**6), most * 4, 10**6, 10**20])
    return random.randint(1, most) if random.random() < 0.92 else far


def paste(random: Random) -> str:
    """A bracketed paste: of one line or many, with escapes in it, without its end, long."""
    words = [
        "moons",
        "a,b\n1,2\n",
        "\r",
        "\t",
        ESC,
        f"{ESC}[A",
        f"{ESC}[31m",
        "\x9b2J",
        "\x00",
        "\x03",
        "x" * 300,
    ]
    words += [
        PASTE,
        f"{ESC}[48;10;40;0;0t",
        "é",
        "漢",
        "\xff",
        "q",
        " ",
        "x\r",
        f"{ESC}]0;t\x07",
        "0.1",
        PASTE_END,
    ]
    inner = "".join(_latin(random.choice(words)) for _ in range(random.randint(0, 12)))
    if random.random() < 0.05:
        inner = inner.replace(PASTE_END, "") * 40  # or thousands of keys would follow, one after another
    return PASTE + inner + (PASTE_END if random.random() < 0.93 else "")


def is_open_paste(piece: str) -> bool:
    """Whether it begins a paste that it does not end."""
    return piece.startswith(PASTE) and not piece.endswith(PASTE_END)


def answer(random: Random) -> str:
    """What terminals answer and report: positions, modes, sizes, keys of the Kitty protocol, focus."""
    number = random.choice([0, 1, 9, 27, 13, 57441, 55296, 57343, 0x10FFFF, 0x110000, 10**15])
    width, height = random.choice([(80, 24), (20, 5), (250, 70), (1, 1), (0, 0), (80, 0)])
    pixels = random.choice([";0;0", ";480;800", ";1;1"])
    return random.choice(
        [
            f"{ESC}[{random.randint(1, 99)};{random.randint(1, 300)}R",
            f"{ESC}[?2026;{random.randint(0, 4)}$y",
            f"{ESC}[?2048;{random.randint(0, 4)}$y",
            f"{ESC}[?1;2c",
            f"{ESC}[>41;354;0c",
            f"{ESC}[48;{height};{width}{pixels}t",
            f"{ESC}[{number}u",
            f"{ESC}[{number};{random.randint(0, 300)}u",
            f"{ESC}[{random.choice([97, 13, 99])};{random.randint(1, 9)};{number}u",
            f"{ESC}[{random.choice([97, 13, 99])};{random.randint(1, 9)}:{random.randint(1, 3)}u",
            f"{ESC}[I",
            f"{ESC}[O",
            f"{ESC}]11;rgb:0000/0000/0000{ESC}\\",
            f"{ESC}P1$r0m{ESC}\\",
            f"{ESC}_Gi=31;OK{ESC}\\",
        ]
    )


def noise(random: Random) -> str:
    """Bytes that are no UTF-8, sequences that break off, controls."""
    return random.choice(
        [
            chr(random.randint(128, 255)),
            "".join(chr(random.choice(ANY)) for _ in range(random.randint(1, 12))),
            "\xe6\xbc",  # cut after two of three bytes
            "\xf0\x9f\x99",
            "\xc0\xaf",
            "\xed\xa0\x80",  # a surrogate
            "\xf5\x80\x80\x80",
            "\x00",
            f"{ESC}[",
            f"{ESC}[1;",
            f"{ESC}[<0;10",
            f"{ESC}O",
            f"{ESC}{ESC}",
            f"{ESC}{ESC}[A",
            f"{ESC}[{'9' * random.choice([5, 40, 400])}",
            f"{ESC}[{';' * 40}m",
            f"{ESC}]0;no end",
            f"{ESC}P",
            f"{ESC}[M",
            "\x9b31m",
            "\x85\x8d",
        ]
    )


KINDS = (
    (key, 55),
    (again, 6),
    (way, 9),
    (text, 3),
    (mouse, 16),
    (paste, 4),
    (answer, 4),
    (noise, 4),
    (leaving, 1),
)


def _bytes(text: str) -> str:
    return text.encode().decode("latin-1")


def _latin(text: str) -> str:
    """As it is where it is bytes already."""
    return text if all(ord(c) < 256 for c in text) and text != "é" else _bytes(text)
