"""Figures: values in, SVG or PNG out; nothing is computed here, and matplotlib lives nowhere else."""
