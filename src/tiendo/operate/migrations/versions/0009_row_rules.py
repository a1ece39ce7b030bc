"""Let each unit's login see its own rows of the store, and nothing of another unit.

The views of `published` belong to tiendo_view, which does not own the store: these rules bind whoever reads a view,
and their `current_user` is the login of the session. A later migration that makes tables in `store` calls
`ops.set_row_rules()` at its end. The decision for each table is in docs/decisions/0012-who-sees-what.md.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNIT_LOGIN = """
create table ops.unit_login (
    login text not null,
    unit_key text not null,
    primary key (login, unit_key)
);
comment on table ops.unit_login is 'One unit that one login may see: itself, what it came from, what it became.';
grant select on ops.unit_login to tiendo_view;

-- For Superset's own rule, which goes by the name of the user and must hold for a reader's connection too.
create view published.unit_login with (security_barrier) as
select login, unit_key from ops.unit_login
where (select not pg_has_role(current_user, 'tiendo_unit', 'member')) or login = current_user;
grant select on published.unit_login to tiendo_reader;
alter view published.unit_login owner to tiendo_view;
"""

# Each part in brackets with `select` is evaluated once a query, not once a row. Who is asked for is the group, not the
# table: a unit's login that the table does not know yet sees nothing rather than everything.
RULES = """
create procedure ops.set_row_rules() language plpgsql as $procedure$
declare
    everything constant text := '(select not pg_has_role(current_user, ''tiendo_unit'', ''member''))';
    own constant text := '(select unit_key from ops.unit_login where login = current_user)';
    -- Names, cards, the calendar, who leads which task, and the nation's own: decided one by one.
    for_all constant text[] := array[
        'dim_disaggregation', 'dim_element', 'dim_goal', 'dim_indicator', 'dim_period', 'dim_review', 'dim_scope',
        'dim_task', 'dim_tile', 'dim_unit', 'fct_duty', 'fct_milestone', 'rpt_scorecard'
    ];
    mart text;
    rule text;
    earlier text;
begin
    for mart, rule in
        select
            c.relname,
            case
                when c.relname = any(for_all) then 'open'
                when 'unit_key' = any(of_mart.names) then 'by_unit'
                when 'scope_key' = any(of_mart.names) then 'by_scope'
                when 'submission_id' = any(of_mart.names) then 'by_submission'
                else 'hidden'
            end
        from pg_class as c
        cross join lateral (
            select array_agg(a.attname::text) as names
            from pg_attribute as a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ) as of_mart
        where c.relnamespace = 'store'::regnamespace and c.relkind in ('r', 'p')
    loop
        for earlier in select policyname from pg_policies where schemaname = 'store' and tablename = mart loop
            execute format('drop policy %I on store.%I', earlier, mart);
        end loop;
        execute format('alter table store.%I enable row level security', mart);
        execute format('create policy publisher on store.%I to tiendo_publisher using (true)', mart);
        execute format(
            'create policy %I on store.%I for select to tiendo_view using (%s)',
            rule,
            mart,
            case rule
                when 'open' then 'true'
                when 'by_unit' then format('%s or unit_key in %s', everything, own)
                when 'by_scope' then format('%s or scope_key = ''nation'' or scope_key in %s', everything, own)
                -- The rule of fct_submission holds in here too.
                when 'by_submission' then
                    format('%s or submission_id in (select submission_id from store.fct_submission)', everything)
                else everything
            end
        );
    end loop;
    grant select on all tables in schema published to tiendo_unit;
end
$procedure$;
comment on procedure ops.set_row_rules() is 'Gives each table of store the rule that its columns ask for.';
call ops.set_row_rules();
"""


def upgrade() -> None:
    """Make the table of logins and the rules."""
    op.execute(UNIT_LOGIN)
    op.execute(RULES)


def downgrade() -> None:
    """There is no way back by itself: without the rules each unit would see every other."""
    raise RuntimeError("0009 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
