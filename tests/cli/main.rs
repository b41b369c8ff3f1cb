//! Black-box tests: the real program, in an empty environment of its own.
