MATCH (van)<-[:VAN]-(l:Line {region: $regio})-[:NAAR]->(naar)
OPTIONAL MATCH (s:Strength {region: $regio, slug: l.strength})
RETURN van.name AS van, naar.name AS naar, s.name AS sterkte, l.fixed_contact AS vast_aanspreekpunt, l.consultation AS overleg
ORDER BY van, naar
