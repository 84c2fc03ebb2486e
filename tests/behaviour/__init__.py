"""Behavioural tests of the shipped model, after CheckList (Ribeiro et al. 2020): see docs/behaviour.md."""
