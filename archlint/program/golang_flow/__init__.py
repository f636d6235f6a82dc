"""Questions about Go functions' control flow and about where things are called.

``flow`` follows sets of facts along a function's paths, ``sites`` finds calls, loops and closures,
``shapes`` recognises small forms (``err != nil``, ``x.Close()``).
"""
