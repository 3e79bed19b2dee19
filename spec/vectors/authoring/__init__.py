"""Writes the conformance vectors, one module for each page; `spec/vectors/README.md` says how."""
