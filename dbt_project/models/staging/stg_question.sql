-- Numbers in question: those in whose row of the sheet a warning stands. A warning about the whole file, or whose cell
-- is no address, puts no single number in question.

with problem as (
    select * from {{ source('raw', 'problem') }}
),

reported_value as (
    select * from {{ source('raw', 'reported_value') }}
),

warning as (
    select distinct
        submission_id,
        {{ sheet_row('cell') }} as sheet_row
    from problem
    where severity = 'warning' and {{ sheet_row('cell') }} is not null
),

final as (
    select
        reported_value.submission_id,
        reported_value.element_code,
        reported_value.disaggregation_code
    from warning
    inner join reported_value
        on
            warning.submission_id = reported_value.submission_id
            and warning.sheet_row = {{ sheet_row('reported_value.value_cell') }}
)

select * from final
