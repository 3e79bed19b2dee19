"""A second implementation of `bareme/1`, written from the pages of `spec/` alone.

One module for each page, with the page's name; each function names the section that it
follows. It is slow and obvious on purpose: exact fractions everywhere, no cleverness.
"""
