"""Words from speech by pocketsphinx, with a language model made from the intents and general English."""
