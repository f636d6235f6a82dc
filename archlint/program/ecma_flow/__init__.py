"""Questions that several Node.js rules ask of a place in the code.

``sites``: the calls into the outside world; ``places``: under which conditions a place runs;
``guards``: whether those make it run once, or never in production; ``paths``: whether a request
gets there all the same; ``inputs``: whether a value comes from a request; ``holders``: which
variables live as long as the process.
"""
