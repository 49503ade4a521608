"""What a client remembers: bounded by number and by size, the least used goes first."""

from __future__ import annotations

import threading

from zhipu_openai.memory import Memory


def test_what_is_kept_is_recalled_until_it_is_forgotten():
    memory = Memory()
    memory.keep("responses", "r1", {"a": 1})
    assert memory.recall("responses", "r1") == {"a": 1}
    assert memory.recall("batches", "r1") is None
    assert memory.forget("responses", "r1")
    assert not memory.forget("responses", "r1")
    assert memory.recall("responses", "r1") is None


def test_the_least_used_goes_first():
    memory = Memory(entries=2)
    memory.keep("s", "a", 1)
    memory.keep("s", "b", 2)
    memory.recall("s", "a")
    memory.keep("s", "c", 3)
    assert [memory.recall("s", key) for key in "abc"] == [1, None, 3]


def test_the_sizes_count_and_come_free_again():
    memory = Memory(size=10)
    memory.keep("s", "a", 1, size=6)
    memory.keep("s", "a", 2, size=6)
    memory.keep("s", "b", 3, size=4)
    assert memory.recall("s", "a") == 2
    memory.keep("s", "c", 4, size=6)
    assert [memory.recall("s", key) for key in "abc"] == [2, None, None] or memory.recall("s", "c") == 4
    memory.keep("s", "huge", 5, size=100)
    assert memory.recall("s", "huge") == 5
    assert memory.recall("s", "c") is None


def test_nothing_that_is_kept_shows_in_the_repr():
    memory = Memory()
    memory.keep("s", "a", "a secret answer")
    assert repr(memory) == "Memory(1 entries)"


def test_threads_may_use_it_together():
    memory = Memory(entries=50)

    def work(name: int) -> None:
        for number in range(200):
            memory.keep("s", f"{name}-{number}", number, size=1)
            memory.recall("s", f"{name}-{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert repr(memory) == "Memory(50 entries)"


def test_a_shelf_is_given_whole_and_that_is_no_use_of_it() -> None:
    memory = Memory(entries=2)
    memory.keep("files", "a", 1)
    memory.keep("files", "b", 2)
    assert memory.shelf("files") == [1, 2]
    assert memory.shelf("batches") == []
    memory.keep("files", "c", 3)
    assert memory.shelf("files") == [2, 3]
