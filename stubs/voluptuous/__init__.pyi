# Home Assistant serves its own engine, probatio, under the name voluptuous: the types are that engine's.
from probatio import *
