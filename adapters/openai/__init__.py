"""Servers that speak the OpenAI API: language models, transcription and speech, wherever they run."""
