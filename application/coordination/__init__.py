"""What several devices do together: games, stories, playback, broadcasts."""
