-- the target in force at the end of the review's period, as known on the review's day
    left join lateral (
        select known_target.*
        from published.dim_target_version as known_target
        where
            known_target.scope_key = 'nation'
            and known_target.indicator_code = indicator.indicator_code
            and known_target.valid_from <= period.end_date
            and known_target.known_from <= coalesce(review.known_on, 'infinity'::date)
        order by known_target.valid_from desc, known_target.known_from desc
        limit 1
    ) as target on true