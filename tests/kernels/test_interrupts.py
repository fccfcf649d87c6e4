import pytest

from influence_graph.kernels.interrupts import interruptible


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_ctrl_c_that_layers_of_compiled_code_turned_into_system_errors_is_ctrl_c_again(layers):
    error: BaseException = KeyboardInterrupt()
    for _ in range(layers):
        outer = SystemError("returned a result with an exception set")
        outer.__cause__ = error
        error = outer
    with pytest.raises(KeyboardInterrupt), interruptible():
        raise error


def test_a_system_error_of_another_cause_stays_one():
    with pytest.raises(SystemError, match="of another cause"), interruptible():
        raise SystemError("of another cause") from ValueError()
