"""Speech from text by espeak-ng, whose library and data come in a wheel."""
