"""Listings without rules: the repeated record that holds articles, and the pager."""
