"""The hardware of a device: sound by PortAudio, buttons and lights by gpiozero, and stand-ins for all."""
