"""Two snapshots to a change set: kinds, field differences, findings. Pure."""
