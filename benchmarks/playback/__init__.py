"""How closely devices begin together that are told to by a hub, over links that jitter."""
