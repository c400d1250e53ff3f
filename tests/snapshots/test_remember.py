"""What is remembered leaves no trace in what is found, and is bounded."""

from __future__ import annotations

from snapshots.remember import remember_words


def test_short_words_are_asked_once_and_long_ones_each_time() -> None:
    asked: list[str] = []

    @remember_words
    def find_length(words: str, more: int) -> int:
        asked.append(words)
        return len(words) + more

    short, long = "《营业执照》", "《营业执照》" * 100
    assert [find_length(words, 1) for words in (short, short, long, long)] == [7, 7, 601, 601]
    assert asked == [short, long, long]


def test_what_is_asked_beside_the_words_belongs_to_the_question() -> None:
    @remember_words
    def join(words: str, more: str, *, twice: bool = False) -> str:
        return words + more * (2 if twice else 1)

    assert [join("甲", "乙"), join("甲", "丙"), join("甲", "乙", twice=True), join("甲", "乙")] == [
        "甲乙",
        "甲丙",
        "甲乙乙",
        "甲乙",
    ]


def test_no_more_than_some_thousand_answers_are_kept() -> None:
    asked = 0

    @remember_words
    def count(words: str) -> int:
        nonlocal asked
        asked += 1
        return len(words)

    for number in range(10_000):
        count(str(number))
    count("0")
    assert asked == 10_001
