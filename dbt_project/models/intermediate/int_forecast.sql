-- What a series would come to at its target date if it went on as of late, and the chance of meeting the target then.
--
-- Counts that add up, by their flows: w = level of a month, flows over season shares, weighted by halves a year back;
-- f = months left, by their season shares; n = months that the weights are worth; phi = dispersion of the last two
-- years around the season, at least 1. Forecast = C + w f, variance = phi w f (1 + f / n) + (0.2 w f)^2 (H / 24 + 0.5).
-- Ratios, on the logit of (numerator + 0.5) / (denominator + 1): forecast = y + 0.6 d H, with d the mean monthly
-- change, weighted by halves every six months, and s^2 its variance; variance = 0.85 s^2 H (1 + H / n)
-- + (0.1 d H)^2 (H / 12 + 1). H = months left. The chance is that of the normal distribution, with half an event of
-- continuity. It has to pass the back-tests of section 6 of the rules of evaluation (docs/backtest.md;
-- docs/decisions/0011).

{%- set count_halving, ratio_halving = 12, 6 %}
{#- the point of the standard normal that leaves a tenth above it #}
{%- set tenth = 1.2815515655 %}

with series as (
    select * from {{ ref('int_series') }}
),

season as (
    select
        season_code,
        month_no,
        sum(share_pct) over (partition by season_code order by month_no) as share_so_far
    from {{ ref('season') }}
),

threshold as (
    select max(threshold_value) filter (where threshold_code = 'forecast_periods') as forecast_periods
    from {{ ref('status_threshold') }}
),

-- years gone, in shares of a year: their difference is what is left
placed as (
    select
        series.*,
        12 * series.season_share / 100 as season_factor,
        left(series.period_code, 4)::integer + coalesce(here.share_so_far / 100, series.month_no / 12.0) as years_gone,
        left(series.target_period, 4)::integer
        + coalesce(there.share_so_far / 100, right(series.target_period, 2)::integer / 12.0) as years_at_target,
        case
            when series.method = 'ratio' and series.is_point and series.denominator > 0
                then {{ logit_of('series.numerator', 'series.denominator') }}
        end as logit
    from series
    left join season as here on series.season_code = here.season_code and series.month_no = here.month_no
    left join season as there
        on
            series.season_code = there.season_code
            and right(series.target_period, 2)::integer = there.month_no
    where series.method = 'ratio' or (not series.is_level and series.measured_over = 'since_start')
),

stepped as (
    select
        *,
        case
            when method <> 'ratio' then growth
            -- a growth is told only where the month before is a point of the segment, too
            when growth is not null then logit - lag(logit) over by_segment
        end::double precision as step,
        case when method = 'ratio' then 1 else season_factor end::double precision as factor,
        power(
            2::double precision,
            (period_ordinal - first_value(period_ordinal) over by_segment)
            / case when method = 'ratio' then {{ ratio_halving }} else {{ count_halving }} end::double precision
        ) as weight
    from placed
    window by_segment as (
        partition by basis, scope_key, indicator_code, definition_version, segment_no order by period_ordinal
    )
),

-- a month without a share of the year tells nothing of the level
weighed as (
    select
        *,
        case when step is not null and factor > 0 then weight end as step_weight
    from stepped
),

summed as (
    select
        *,
        count(step_weight) over so_far as step_count,
        sum(step_weight) over so_far as weight_sum,
        sum(step_weight * step_weight) over so_far as weight_square_sum,
        sum(step_weight * factor) over so_far as factor_sum,
        sum(step_weight * step_weight * factor) over so_far as factor_square_sum,
        sum(step_weight * step) over so_far as step_sum,
        sum(step_weight * step * step) over so_far as step_square_sum,
        count(step_weight) over of_late as late_count,
        sum(step) filter (where step_weight is not null) over of_late as late_step_sum,
        sum(factor) filter (where step_weight is not null) over of_late as late_factor_sum,
        sum(step * step / nullif(factor, 0)) filter (where step_weight is not null) over of_late as late_square_sum
    from weighed
    window
        so_far as (
            partition by basis, scope_key, indicator_code, definition_version, segment_no order by period_ordinal
        ),
        of_late as (
            partition by basis, scope_key, indicator_code, definition_version, segment_no
            order by period_ordinal range between 23 preceding and current row
        )
),

levelled as (
    select
        *,
        months_left::double precision as months,
        step_sum / factor_sum as level,
        12 * (years_at_target - years_gone)::double precision as season_months,
        case
            when method = 'ratio' then weight_sum * weight_sum / weight_square_sum
            else factor_sum * factor_sum / factor_square_sum
        end as worth,
        case
            when late_step_sum > 0 and late_count > 1
                then greatest(
                    1, (late_square_sum * late_factor_sum / late_step_sum - late_step_sum) / (late_count - 1)
                )
            else 1
        end as dispersion
    from summed
    where
        is_point
        and months_left > 0
        -- a first logit is a period, and no step yet
        and step_count + (method = 'ratio')::integer >= (select threshold.forecast_periods from threshold)
),

-- where it goes, on its own scale, and how sure that is
forecast as (
    select
        *,
        case
            when method = 'ratio' then logit + 0.6 * level * months
            else greatest(0, level * season_months)
        end as centre,
        sqrt(
            case
                when method = 'ratio'
                    then
                        0.85 * greatest(0, step_square_sum / weight_sum - level * level) * worth / (worth - 1)
                        * months * (1 + months / worth)
                        + power(0.1 * level * months, 2) * (months / 12 + 1)
                else
                    dispersion * greatest(0, level * season_months) * (1 + season_months / worth)
                    + power(0.2 * level * season_months, 2) * (months / 24 + 0.5)
            end
        ) as deviation
    from levelled
),

-- the target on the same scale, half an event nearer: what rounds to the target meets it
aimed as (
    select
        *,
        case
            when method = 'ratio' then {{ logit_of('denominator * target_value / 100 - 0.5') }}
            else
                target_value::double precision
                - numerator::double precision - case when is_strict then -0.5 else 0.5 end
        end as least_aim,
        case
            when method = 'ratio' then {{ logit_of('denominator * coalesce(target_high, target_value) / 100 + 0.5') }}
            else
                coalesce(target_high, target_value)::double precision
                - numerator::double precision + case when is_strict then -0.5 else 0.5 end
        end as most_aim
    from forecast
),

judged as (
    select
        *,
        case
            when deviation = 0 then (centre >= least_aim)::integer
            else {{ normal_below('(centre - least_aim) / deviation') }}
        end as chance_of_least,
        case
            when deviation = 0 then (centre <= most_aim)::integer
            else {{ normal_below('(most_aim - centre) / deviation') }}
        end as chance_of_most
    from aimed
),

final as (
    select
        basis,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        {%- for name, shift in [('value', 0), ('low', -1), ('high', 1)] %}
            case
                when method = 'ratio' then 100 / (1 + exp(-(centre + {{ shift * tenth }} * deviation)))
                else numerator + greatest(0, centre + {{ shift * tenth }} * deviation)
            end::numeric as forecast_{{ name }},
        {%- endfor %}
        (100 * case direction
            when 'at_least' then chance_of_least
            when 'at_most' then chance_of_most
            else greatest(0, chance_of_least + chance_of_most - 1)
        end)::numeric as chance_pct
    from judged
)

select * from final
