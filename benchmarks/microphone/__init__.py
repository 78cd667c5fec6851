"""Which microphone heard a sentence best: scenes made from seeds, truth, scorers, tables and plots."""
