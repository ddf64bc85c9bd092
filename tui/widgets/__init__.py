"""The parts of a screen: each shows the state it is given, says what the reader did, and knows no other."""
