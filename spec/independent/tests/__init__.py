"""Tests of the independent implementation: the pages' worked examples."""
