MATCH (van)<-[:VAN]-(r:Route {region: $regio})-[:NAAR]->(naar)
WHERE r.source IS NULL
RETURN r.id AS route, van.iri AS van, naar.iri AS naar ORDER BY route
