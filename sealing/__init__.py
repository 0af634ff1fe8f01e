"""Personal data sealed at the door, with a data key of its own for every complaint.

It knows keys and ciphers and where wrapped keys are stored; it decides nothing about complaints.
"""
