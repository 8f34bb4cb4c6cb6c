// a wait on a chain of partners says nothing of each of them
MATCH (o:Offering {region: $regio})-[:AANGEBODEN_DOOR]->(p:Partner)
WHERE NOT EXISTS { (p)<-[:WACHT_OP]-(w:WaitingTime) WHERE size(w.on) = 1 }
  AND NOT EXISTS { (p)<-[:AANGEBODEN_DOOR]-(:Offering)<-[:WACHT_OP]-(w:WaitingTime) WHERE size(w.on) = 1 }
WITH p, count(DISTINCT o) AS aanbod
RETURN p.name AS partner, aanbod ORDER BY partner
