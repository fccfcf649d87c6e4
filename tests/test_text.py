from influence_graph.text import did_you_mean, nearest


def test_nearest_ignores_case_and_puts_the_best_first():
    assert nearest("NOVA", ["novum", "nova", "atlas"])[0] == "nova"


def test_nothing_near_gives_the_other_remedy():
    assert did_you_mean("xyzzy", ["nova"], "list them") == "list them"


def test_a_million_names_are_not_all_compared():
    seen = 0

    def names():
        nonlocal seen
        for i in range(1_000_000):
            seen += 1
            yield f"n{i}"

    assert nearest("n5x", names())
    assert seen < 50_000
