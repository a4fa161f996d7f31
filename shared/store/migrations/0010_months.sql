-- What only grows is kept by the month: timelines, and the attempts of callbacks. What is old goes by dropping whole
-- partitions, which costs nothing, instead of deleting rows, which costs twice. Months are of UTC.
-- Existing rows move over in this transaction; workers wait meanwhile.

set local statement_timeout = 0;

-- The month of an attempt is that of its callback, not its own: a callback has one month for ever, so an attempt is
-- recognised by (callback, cycle, number) as before, also when it is reported again in the next month with another time.

alter table events rename to events_before;
alter table events_before rename constraint events_pkey to events_before_pkey;
alter index events_order rename to events_before_order;
alter table attempts rename to attempts_before;
alter table attempts_before rename constraint attempts_pkey to attempts_before_pkey;

create sequence event_numbers;
create table events (
    id         bigint      not null default nextval('event_numbers'),
    order_no   text        not null,
    no         text        not null,
    version    integer     not null,
    what       text        not null,
    detail     jsonb       not null,
    message_id text        not null,
    trace      text        not null,
    at         timestamptz not null,
    primary key (id, at)
) partition by range (at);
alter sequence event_numbers owned by events.id;
create index events_order on events (order_no, id);

create table attempts (
    callback_id text        not null,
    cycle       integer     not null,
    number      integer     not null,
    interface   text        not null,
    at          timestamptz not null,
    duration_ms bigint      not null,
    status      integer     not null,
    outcome     text        not null,
    next_due    timestamptz,
    why         text        not null,
    -- When the callback was made. The default serves programs of an earlier version while they are replaced.
    callback_at timestamptz not null default now(),
    primary key (callback_id, cycle, number, callback_at)
) partition by range (callback_at);

-- What has no month yet.
create table events_other partition of events default;
create table attempts_other partition of attempts default;

-- Each partition has the triggers of its rows, also where it is changed by its own name.
create trigger events_append_only before update of order_no, no, version, what, message_id, trace, at on events
    for each statement execute function events_are_final();
create trigger events_append_only_each before update of order_no, no, version, what, message_id, trace, at on events
    for each row execute function events_are_final();
create trigger events_sealed_anew before update of detail on events
    for each row execute function events_are_sealed_anew();

-- A place (ctid) means one row in each partition: a program of an earlier version that still deletes what is old by its place
-- must not do so here.
create function months_go_whole() returns trigger language plpgsql as
$$ begin raise exception 'what is old goes by the month: this program is older than the schema'; end $$;
create trigger events_go_whole before delete on events for each statement execute function months_go_whole();
create trigger attempts_go_whole before delete on attempts for each statement execute function months_go_whole();

-- Makes the partition of a month, with what came before it was there; nothing if it is there. The parent is not locked
-- against reading and writing.
create function keep_month(parent text, month date) returns boolean language plpgsql as $$
declare
    part text := parent || '_' || to_char(month, 'YYYYMM');
    key text := case parent when 'events' then 'at' else 'callback_at' end;
    first timestamptz := date_trunc('month', month)::timestamp at time zone 'UTC';
    next timestamptz := (date_trunc('month', month)::timestamp + interval '1 month') at time zone 'UTC';
begin
    if to_regclass(part) is not null then
        return false;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('baohan/months', 0));
    if to_regclass(part) is not null then
        return false;
    end if;
    execute format('lock table %I in access exclusive mode', parent || '_other');
    execute format('create table %I (like %I including all)', part, parent);
    execute format('with early as (delete from %I where %I >= $1 and %I < $2 returning *) insert into %I select * from early',
        parent || '_other', key, key, part) using first, next;
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, first, next);
    return true;
end $$;

-- From the oldest row, if that is not too long ago, to the month after next.
select keep_month('events', month::date) from generate_series(
    date_trunc('month', greatest((select coalesce(min(at), now()) from events_before), now() - interval '10 years') at time zone 'UTC'),
    date_trunc('month', now() at time zone 'UTC') + interval '2 months', interval '1 month') month;
select keep_month('attempts', month::date) from generate_series(
    date_trunc('month', greatest((select coalesce(min(created_at), now()) from callbacks), now() - interval '10 years') at time zone 'UTC'),
    date_trunc('month', now() at time zone 'UTC') + interval '2 months', interval '1 month') month;

insert into events (id, order_no, no, version, what, detail, message_id, trace, at)
    select id, order_no, no, version, what, detail, message_id, trace, at from events_before;
select setval('event_numbers', coalesce((select max(id) from events_before), 0) + 1, false);
insert into attempts (callback_id, cycle, number, interface, at, duration_ms, status, outcome, next_due, why, callback_at)
    select a.callback_id, a.cycle, a.number, a.interface, a.at, a.duration_ms, a.status, a.outcome, a.next_due, a.why,
        coalesce(c.created_at, a.at)
    from attempts_before a left join callbacks c on c.id = a.callback_id;
drop table events_before;
drop table attempts_before;
