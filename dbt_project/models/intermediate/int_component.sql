-- A card's formula, taken apart: `sum(a, b) / sum(c, d)` is two pairs, a over c and b over d. A code may name one part
-- of a disaggregation, as in element:sex.female. What a code below the line is, element or frame, is looked up.

with indicator as (
    select
        indicator_code,
        definition_version,
        measured_over,
        break_rule,
        {{ method_of('formula') }} as method,
        split_part(formula, '/', 1) as above,
        nullif(split_part(formula, '/', 2), '') as below
    from {{ ref('indicator') }}
    where formula is not null
),

frame as (
    select frame_code from {{ ref('frame') }}
),

numerator as (
    select
        indicator.*,
        pair.pair_no,
        pair.code
    from indicator
    cross join lateral {{ codes_of('indicator.above') }} with ordinality as pair (code, pair_no)
),

denominator as (
    select
        indicator.indicator_code,
        indicator.definition_version,
        pair.pair_no,
        pair.code
    from indicator
    cross join lateral {{ codes_of('indicator.below') }} with ordinality as pair (code, pair_no)
),

final as (
    select
        numerator.indicator_code,
        numerator.definition_version,
        numerator.method,
        numerator.measured_over,
        numerator.break_rule,
        numerator.pair_no::integer as pair_no,
        split_part(numerator.code, ':', 1) as numerator_code,
        nullif(split_part(numerator.code, ':', 2), '') as numerator_part,
        case
            when frame.frame_code is not null then 'frame'
            when denominator.code is not null then 'element'
        end as denominator_source,
        split_part(denominator.code, ':', 1) as denominator_code,
        nullif(split_part(denominator.code, ':', 2), '') as denominator_part
    from numerator
    left join denominator
        on
            numerator.indicator_code = denominator.indicator_code
            and numerator.definition_version = denominator.definition_version
            and numerator.pair_no = denominator.pair_no
    left join frame on split_part(denominator.code, ':', 1) = frame.frame_code
)

select * from final
