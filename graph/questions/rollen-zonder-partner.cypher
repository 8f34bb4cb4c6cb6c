MATCH (:Route {region: $regio})-[:VAN|NAAR]->(r:Role&Concept)
WHERE r.slug <> 'gezin' AND NOT EXISTS { (:Partner)-[:HEEFT_ROL]->(r) }
RETURN DISTINCT r.name AS rol ORDER BY rol
