"""Who is served: view, selection, carried to the structure year, states, totals, counties."""
