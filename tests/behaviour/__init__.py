"""Tests of what the shipped model does, after CheckList (Ribeiro et al. 2020): see docs/behaviour.md."""
