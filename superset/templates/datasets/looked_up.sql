[#- The verdict on one number, as `alias`: searched for by its key, whatever number of rows is published. A limit keeps it a
    search: joined plainly, the view's barrier would have all its rows read first. `of` names what has the indicator's
    code and version. -#]
[%- macro progress_of(alias, of, period, basis='indicator.basis', scope="'nation'", only='', join='left') -%]
[[ join ]] join lateral (
        select judged.*
        from published.fct_progress as judged
        where
            [% if only %][[ only ]] and [% endif %]judged.scope_key = [[ scope ]]
            and judged.basis = [[ basis ]]
            and judged.period_code = [[ period ]]
            and judged.indicator_code = [[ of ]].indicator_code
            and judged.definition_version = [[ of ]].definition_version
        limit 1
    ) as [[ alias ]] on true
[%- endmacro %]
