MATCH (van:Role&Concept)<-[:VAN]-(r:Route {region: $regio})-[:NAAR]->(naar:Role&Concept)
MATCH (k:RouteKind {region: $regio, slug: r.kind})
RETURN van.name AS van, naar.name AS naar, k.name AS soort, r.conditions AS voorwaarden, r.source AS bron
ORDER BY van, naar, soort, voorwaarden
