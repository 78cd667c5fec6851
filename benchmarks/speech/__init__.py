"""How well speech is heard: word error rate, requests understood, and the gate."""
