MATCH (p:Partner {region: $regio})-[:HEEFT_ROL]->(r:Role)
RETURN r.name AS rol, count(DISTINCT p) AS aantal ORDER BY aantal DESC, rol
