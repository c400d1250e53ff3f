"""Requirements compared as formulas over papers."""
