MATCH (w:WaitingTime {region: $regio})-[:WACHT_OP {place: 1}]->(o)
MATCH (k:WaitKind {region: $regio, slug: w.kind})
OPTIONAL MATCH (b:Measurement {region: $regio, slug: w.basis})
WITH w, k, b, CASE WHEN size(w.on) > 1 THEN reduce(s = w.on[0], e IN tail(w.on) | s + ' > ' + e) ELSE coalesce(o.name, o.iri) END AS op
RETURN op, k.name AS soort, w.value AS waarde, w.as_of AS peildatum, b.name AS meetwijze
ORDER BY coalesce(peildatum, '') DESC, op, soort, waarde
