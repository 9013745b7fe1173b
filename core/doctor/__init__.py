"""Why a model fails: what can be measured of a problem and a run. No torch in here."""
