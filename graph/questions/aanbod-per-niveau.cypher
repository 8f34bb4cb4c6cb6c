MATCH (l:Level {region: $regio})
MATCH (o:Offering {region: $regio, level: l.slug})
WITH l, count(o) AS aantal, count(CASE o.access WHEN 'vrij' THEN 1 END) AS vrij_toegankelijk
RETURN l.name AS niveau, aantal, vrij_toegankelijk ORDER BY l.order
