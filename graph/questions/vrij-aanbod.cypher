MATCH (o:Offering {region: $regio, access: 'vrij'})
OPTIONAL MATCH (o)-[:AANGEBODEN_DOOR]->(p:Partner)
OPTIONAL MATCH (o)-[:BEDIENT]->(m)
WITH o, p, m.name AS plaats ORDER BY plaats
WITH o, p, collect(DISTINCT plaats) AS plaatsen
RETURN o.name AS aanbod, p.name AS partner, plaatsen AS gemeenten ORDER BY aanbod
