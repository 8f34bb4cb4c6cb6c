MATCH (w:WaitingTime {region: $regio, basis: 'uitspraak'})-[op:WACHT_OP {place: 1}]->(o)
WITH w, CASE WHEN size(w.on) > 1 THEN reduce(s = w.on[0], e IN tail(w.on) | s + ' > ' + e) ELSE coalesce(o.name, o.iri) END AS over
RETURN over, w.value AS uitspraak, w.clock_to AS tot, w.as_of AS peildatum, w.source AS bron ORDER BY over, uitspraak
