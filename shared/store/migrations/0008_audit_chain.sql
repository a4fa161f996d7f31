-- What operators did cannot be changed unnoticed: rows are only added, and each one holds the digest of the one before.
-- The lock lasts from the insert to the commit, so that the chain has the order of the commits; only transactions that
-- audit take it.

alter table audit add column seq bigint, add column prev text, add column hash text;

-- Lengths stand before the texts: no text can pretend to be two. `store`'s audit.rs reckons the same.
create function audit_digest(prev text, seq bigint, at timestamptz, who text, action text, subject text, detail jsonb)
returns text language sql immutable parallel safe as $$
    select encode(sha256(convert_to(
        prev || '|' || seq || '|' || (extract(epoch from at) * 1000000)::bigint
        || '|' || octet_length(who) || ':' || who || '|' || octet_length(action) || ':' || action
        || '|' || octet_length(subject) || ':' || subject || '|' || octet_length(detail::text) || ':' || detail::text,
        'UTF8')), 'hex')
$$;

do $$
declare
    known record;
    last text := repeat('0', 64);
    place bigint := 0;
begin
    for known in select * from audit order by id loop
        place := place + 1;
        update audit set seq = place, prev = last,
            hash = audit_digest(last, place, known.at, known.who, known.action, known.subject, known.detail)
            where id = known.id returning audit.hash into last;
    end loop;
end $$;
alter table audit alter column seq set not null, alter column prev set not null, alter column hash set not null;
create unique index audit_seq on audit (seq);

create function audit_is_chained() returns trigger language plpgsql as $$
declare
    last record;
begin
    perform pg_advisory_xact_lock(hashtextextended('baohan/audit', 0));
    select a.seq, a.hash into last from audit a order by a.seq desc limit 1;
    new.seq := coalesce(last.seq, 0) + 1;
    new.prev := coalesce(last.hash, repeat('0', 64));
    new.hash := audit_digest(new.prev, new.seq, new.at, new.who, new.action, new.subject, new.detail);
    return new;
end $$;
create trigger audit_chained before insert on audit for each row execute function audit_is_chained();

create function audit_is_final() returns trigger language plpgsql as
$$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_final();
