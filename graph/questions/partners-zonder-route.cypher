MATCH (o:Offering {region: $regio})-[:AANGEBODEN_DOOR]->(p:Partner)
WHERE NOT EXISTS { ()-[:VERWIJST_NAAR]->(p) } AND NOT EXISTS { ()-[:VERWIJST_NAAR]->(o) }
WITH p, count(DISTINCT o) AS aanbod
RETURN p.name AS partner, aanbod ORDER BY partner
