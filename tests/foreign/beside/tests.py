"""Checks as many courses keep them: a module beside the notebook."""


def test_square(square):
    for n in range(5):
        assert square(n) == n * n, f"square({n})"
    print("All tests passed")


def test_word_count(count):
    for text, right in {"a b a": {"a": 2, "b": 1}, "": {}}.items():
        try:
            found = count(text)
        except Exception as error:
            raise AssertionError(f"{error!r}") from error
        assert found == right


def expect_type(value, kind):
    if not isinstance(value, kind):
        raise AssertionError(f"expected {kind.__name__}, got {type(value).__name__}")
