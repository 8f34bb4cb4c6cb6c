MATCH (x:Partner|Offering|Route|WaitingTime|Line {region: $regio})
WITH CASE WHEN x:Partner THEN 'partner' WHEN x:Offering THEN 'aanbod' WHEN x:Route THEN 'route'
          WHEN x:WaitingTime THEN 'wachttijd' ELSE 'lijn' END AS soort, x
RETURN soort, count(x) AS aantal, count(x.verified_on) AS bevestigd ORDER BY soort
