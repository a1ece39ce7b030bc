select
    dim_unit.unit_key,
    dim_unit.name_[[ language ]] as name,
    count(*) filter (where rpt_compliance.state = 'missing') as missing_count,
    count(*) filter (where rpt_compliance.state = 'quarantined') as quarantined_count,
    count(*) filter (where rpt_compliance.state = 'late') as late_count,
    count(*) as owed_count
from published.rpt_compliance
inner join published.dim_unit on rpt_compliance.unit_key = dim_unit.unit_key
where rpt_compliance.state <> 'not_due'
group by dim_unit.unit_key, dim_unit.name_[[ language ]]
order by missing_count desc, quarantined_count desc, late_count desc
limit 50
