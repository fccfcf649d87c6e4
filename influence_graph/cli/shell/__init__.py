"""The shell: one question after the other, with history and completion."""
