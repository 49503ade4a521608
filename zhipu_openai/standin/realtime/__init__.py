"""The stand-in's realtime service: GLM-Realtime's events as they are documented, over a socket or in process."""
